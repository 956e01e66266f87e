"""Mail, in text and HTML, by Django's mail backend."""

import smtplib
from email.utils import parseaddr

from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from shop.communication.utils import one_line
from shop.messages.errors import Undeliverable
from shop.messages.occasions import Recipient
from shop.messages.parts import kind_of
from shop.stores.models import Store

from .contract import Letter, Outgoing, Written


class Email:
    code = "email"
    title = _("E-mail")
    folder = "emails"

    def address_of(self, recipient: Recipient) -> str:
        return recipient.email

    def write(self, letter: Letter, store: Store) -> Written:
        parts = [(kind_of(part), part) for part in letter.parts]
        context = {"parts": parts, "store": store, "origin": store.origin, "unsubscribe_link": letter.unsubscribe_link}
        return Written(
            one_line(letter.subject),
            render_to_string("messages/emails/letter.txt", context).strip() + "\n",
            render_to_string("messages/emails/letter.html", context),
        )

    def send(self, outgoing: Outgoing) -> None:
        """A mail server may take a mail and die before it says so: then it gets it again, under the same Message-ID."""
        mail = EmailMultiAlternatives(
            outgoing.written.subject,
            outgoing.written.text,
            outgoing.sender,
            [outgoing.address],
            headers=headers_of(outgoing),
        )
        mail.attach_alternative(outgoing.written.html, "text/html")
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as refusal:
            code, said = next(iter(refusal.recipients.values()))
            raise _refusal(refusal, code, said) from refusal
        except smtplib.SMTPDataError as refusal:
            raise _refusal(refusal, refusal.smtp_code, refusal.smtp_error) from refusal


def headers_of(outgoing: Outgoing) -> dict[str, str]:
    """With a way out by one click (RFC 8058) where there is one."""
    host = parseaddr(outgoing.sender)[1].rpartition("@")[2] or "localhost"
    headers = {"Message-ID": f"<{outgoing.key}@{host}>"}
    if outgoing.unsubscribe_link:
        headers["List-Unsubscribe"] = f"<{outgoing.unsubscribe_link}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _refusal(error: OSError, code: int, said: bytes | str) -> Exception:
    """A reply of 5xx is the server's last word (RFC 5321, 4.2.1); one of 4xx means later."""
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return Undeliverable(f"{code} {words}") if code >= 500 else error

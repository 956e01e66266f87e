"""What Oscar looks for under this name: the dispatcher of its letters."""

from email.utils import formataddr
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from oscar.apps.communication import utils as oscars

from shop.stores.current import current_store

from .tasks import deliver


class Dispatcher(oscars.Dispatcher):
    """Oscar's, but it writes as the store that is being served, and the mail server is called after the commit.

    What a buyer with an account is sent is kept among their e-mails, as Oscar does it.
    """

    def get_base_context(self, **kwargs: Any) -> dict[str, Any]:
        """The store, and its address (`origin`), which no request can make up."""
        store = current_store()
        if store is None:
            return kwargs
        return {"store": store, "origin": store.origin, **kwargs}

    def send_email_messages(
        self,
        recipient_email: str,
        messages: dict[str, str],
        from_email: str | None = None,
        attachments: Any = None,
    ) -> EmailMultiAlternatives:
        """Queue a mail in text, and in HTML where there is some. Raises `ValueError` for attachments."""
        if attachments:
            raise ValueError("A letter carries no attachments.")
        mail = EmailMultiAlternatives(
            one_line(messages["subject"]), messages["body"].strip() + "\n", from_email or sender(), [recipient_email]
        )
        if messages["html"]:
            mail.attach_alternative(messages["html"], "text/html")
        parts = {"subject": mail.subject, "text": mail.body, "html": messages["html"], "sender": mail.from_email}
        transaction.on_commit(partial(deliver.delay, to=recipient_email, **parts), robust=True)
        return mail


def sender() -> str:
    """The store that is being served and its address; the platform's where there is none."""
    store = current_store()
    return formataddr((one_line(store.name), store.sender_address)) if store else settings.DEFAULT_FROM_EMAIL


def one_line(text: str) -> str:
    """For a header, in which a line break would begin another one."""
    return " ".join(text.split())

"""Letters that the pages cause."""

from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.contrib.forms.models import FormSubmission

from .querysets import store_of


def submission_mail(submission: FormSubmission) -> EmailMessage:
    """What a visitor wrote, to the store. Answers go to the visitor where the form asked for an e-mail address.

    Headers are made of the store's own settings and of an address that an e-mail field accepted, never of free text.
    """
    page = submission.page.specific
    store = store_of(page)
    fields = list(page.form_fields.all())
    answers = [(field.label, _as_text(submission.form_data.get(field.clean_name))) for field in fields]
    addresses = [submission.form_data.get(field.clean_name) for field in fields if field.field_type == "email"]
    with translation.override(store.language):
        subject = _("Message to %(store)s: %(page)s") % {"store": store.name, "page": page.title}
    return EmailMessage(
        subject=" ".join(subject.split()),
        body="\n\n".join(f"{label}:\n{answer}" for label, answer in answers),
        from_email=store.sender_address,
        to=[page.mail_to or store.sender_address],
        reply_to=[address for address in addresses if address][:1],
    )


def _as_text(answer: object) -> str:
    return ", ".join(map(str, answer)) if isinstance(answer, list) else str(answer if answer is not None else "")

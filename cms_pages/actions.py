"""What the pages of a store write beyond themselves."""

from functools import partial

from django.db import transaction
from wagtail.contrib.forms.models import FormSubmission

from . import tasks


def send_to_store(submission: FormSubmission) -> None:
    """Mail a visitor's message to its store, once it is kept for certain."""
    transaction.on_commit(partial(tasks.mail_submission.delay, submission.pk), robust=True)

from smtplib import SMTPException

from celery import shared_task
from wagtail.contrib.forms.models import FormSubmission

from shop.stores.tasks import MerchantTask

from .mails import submission_mail


@shared_task(base=MerchantTask, autoretry_for=(SMTPException, OSError), retry_backoff=True, max_retries=8)
def mail_submission(submission_id: int) -> None:
    """Mail what a visitor sent by a contact page to its store."""
    submission_mail(FormSubmission.objects.select_related("page").get(pk=submission_id)).send()

"""Handing mails to the mail server."""

from typing import Any

from celery import Task, shared_task
from django.core.mail import EmailMultiAlternatives

RETRIES = 8
FIRST_PAUSE_S = 30


@shared_task(bind=True, base=Task, max_retries=RETRIES)  # touches no rows, so it needs no scope and no transaction
def deliver(self: Any, *, subject: str, text: str, html: str, sender: str, to: str) -> None:
    """Send a mail; while the server fails, again after pauses that double from 30 s, for two hours.

    Where no worker runs it is tried once, in the process that wrote it. Raises `OSError` (of which SMTP's errors are).
    """
    mail = EmailMultiAlternatives(subject, text, sender, [to])
    if html:
        mail.attach_alternative(html, "text/html")
    try:
        mail.send()
    except OSError as error:
        if self.request.is_eager:
            raise
        raise self.retry(exc=error, countdown=pause_after(self.request.retries)) from error


def pause_after(tries: int) -> int:
    """Seconds until the next try, after so many that failed before the last."""
    return FIRST_PAUSE_S * 2**tries

"""The poll as a task, for installations with a clock of Celery's."""

from celery import shared_task

from shop.stores.tasks import SteppedTask

from .polling import poll


@shared_task(base=SteppedTask)
def poll_payments() -> None:
    """One round for the merchant who sent it."""
    poll()

"""Background work."""

from celery import shared_task

from shop.stores.tasks import SteppedTask

from .actions import rehearse


@shared_task(base=SteppedTask)
def run(rehearsal_id: int) -> None:
    rehearse(rehearsal_id)

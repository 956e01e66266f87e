"""What workers do for the outbox. There is no beat: every worker sends a sweep in turn (`sweeper.py`)."""

from celery import Task, shared_task
from django.conf import settings

from .draining import AT_ONCE, drain
from .querysets import merchants_with_due_deliveries


@shared_task(base=Task, ignore_result=True)  # opens its scopes itself, and holds no transaction
def drain_merchant(merchant_id: int) -> None:
    if drain(merchant_id) == AT_ONCE:
        send_drain(merchant_id)


@shared_task(base=Task, ignore_result=True)
def sweep_outbox() -> None:
    """Find what no wake told of: what is due again, and what a kill or an outage of the broker left."""
    for merchant_id in merchants_with_due_deliveries():
        send_drain(merchant_id)


def has_workers() -> bool:
    return not settings.CELERY_TASK_ALWAYS_EAGER


def send_drain(merchant_id: int) -> None:
    """Tell a worker. Raises what the broker's client raises, at once."""
    drain_merchant.apply_async([merchant_id], retry=False)

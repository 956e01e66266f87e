"""Saying after a commit that there is something to deliver. A wake that is lost costs ten seconds: everybody sweeps.

Where nothing delivers (a command, a shell, a test), what is recorded waits for a process that does.
"""

from django.db import transaction

from shop.stores.scope import remembered_merchant, required_merchant_id

from . import background
from .tasks import has_workers, send_drain


def wake_after_commit() -> None:
    merchant_id = required_merchant_id()

    def wake() -> None:
        if background.running is not None:
            background.running.wake(merchant_id)
        elif has_workers():
            send_drain(merchant_id)

    with remembered_merchant(None):  # it reads no rows, so it needs no transaction of its own
        transaction.on_commit(wake, robust=True)

"""How far the work on a file is, told while its transaction is open: by a thread with a connection of its own."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic

from django.db import connection
from django.utils import timezone

from shop.stores.scope import merchant_scope, required_merchant_id

from .actions import Progress
from .locks import free_files
from .models import PriceFile
from .states import Step

SECONDS_BETWEEN = 1.0


@contextmanager
def shown_on(price_file_id: int) -> Iterator[Progress]:
    """What notes progress on a file's row once a second, and never waits for it: who changes its state comes first."""
    merchant_id, last = required_merchant_id(), monotonic()
    with ThreadPoolExecutor(1) as thread:

        def tell(step: Step, reached: int) -> None:
            nonlocal last
            if monotonic() - last >= SECONDS_BETWEEN:
                last = monotonic()
                thread.submit(_note, merchant_id, price_file_id, step, reached)

        try:
            yield tell
        finally:
            thread.submit(_leave)


def _leave() -> None:
    """Close the connection of the thread that runs this."""
    connection.close()


def _note(merchant_id: int, price_file_id: int, step: Step, reached: int) -> None:
    with merchant_scope(merchant_id):
        for pk in free_files().filter(pk=price_file_id).values_list("pk", flat=True):
            PriceFile.objects.filter(pk=pk).update(step=step, reached=reached, seen_at=timezone.now())

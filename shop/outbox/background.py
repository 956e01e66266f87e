"""The thread of a web process that sees to the outbox, so that no request waits for a mail server or a broker.

Where no broker is configured it delivers, and sweeps: first what an earlier process left. Where one is, it tells the
workers, who sweep themselves.
"""

from multiprocessing.util import Finalize
from threading import Event, Thread

import structlog
from django.db import close_old_connections

from .draining import drain_all
from .sweeper import SWEEP_S
from .tasks import has_workers, send_drain

TOGETHER_S = 0.2
"""What is recorded within so long is told at once: to tell a worker costs as much as a page of the checkout."""
LONGEST_END_S = 15
"""What a delivery that has begun may take when the process is told to end."""

running: "Background | None" = None
log = structlog.get_logger("stoa.outbox")


def start() -> None:
    """Once for each process that serves."""
    global running
    if running is None:
        running = Background()
        running.start()
        Finalize(
            None, running.end, exitpriority=0
        )  # in a child of multiprocessing, as Granian's are, atexit runs nothing


class Background(Thread):
    def __init__(self) -> None:
        super().__init__(name="outbox", daemon=True)
        self.woken, self.ending = Event(), Event()
        self.merchants: set[int] = set()

    def wake(self, merchant_id: int) -> None:
        self.merchants.add(merchant_id)
        self.woken.set()

    def end(self) -> None:
        """Finish the delivery that has begun, and begin none."""
        self.ending.set()
        self.woken.set()
        self.join(LONGEST_END_S)

    def run(self) -> None:
        while not self.ending.is_set():
            close_old_connections()
            try:
                self.tell_workers() if has_workers() else drain_all(is_over=self.ending.is_set)
            except Exception:  # whatever it is, the next sweep tries again
                log.exception("outbox")
            self.woken.wait(SWEEP_S)
            self.ending.wait(TOGETHER_S)
            self.woken.clear()

    def tell_workers(self) -> None:
        while self.merchants:
            send_drain(self.merchants.pop())

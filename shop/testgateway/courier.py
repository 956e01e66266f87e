"""Brings webhooks: signed, tried again where nobody takes them, and as badly as the manner of the payment says."""

import heapq
import itertools
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

from .books import Payment

Seal = Callable[[bytes, Payment], dict[str, str]]

MANNERS = {"twice": (0.0, 0.2), "late": (8.0,), "lost": (), "": (0.0,), "reversed": (0.0,)}
"""After how many seconds each copy of an event leaves."""
REVERSED_WAIT_S = 1.5
"""How long the first event waits, where the order is wrong: until the last has gone."""
RETRIES_S = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
TIMEOUT_S = 10.0


def reachable(url: str) -> tuple[str, str]:
    """An address, and the host to name there: names below `localhost` are this machine's (RFC 6761), which not every
    resolver knows."""
    parts = urlsplit(url)
    if (parts.hostname or "").endswith(".localhost"):
        return parts._replace(netloc=f"127.0.0.1:{parts.port or 80}").geturl(), parts.netloc
    return url, parts.netloc


class Courier(threading.Thread):
    """One thread that sends what is due; `pace` shortens every wait, for tests."""

    def __init__(self, *, pace: float = 1.0, clock: Callable[[], float] = time.time) -> None:
        super().__init__(daemon=True)
        self.pace, self.clock = pace, clock
        self.due: list[tuple[float, int, bytes, Payment, Seal, int]] = []
        self.numbers = itertools.count()
        self.changed = threading.Condition()

    def bring(self, kind: str, body: bytes, payment: Payment, *, seal: Seal) -> None:
        """To the address that the payment's shop gave, if it gave one."""
        waits = MANNERS[payment.manner]
        if payment.manner == "reversed":
            waits = (REVERSED_WAIT_S if kind == "payment.needs_action" else 0.0,)
        for wait in waits if payment.webhook_url else ():
            self.put(wait, body, payment, seal, 0)

    def put(self, wait_s: float, body: bytes, payment: Payment, seal: Seal, attempt: int) -> None:
        with self.changed:
            due = time.monotonic() + wait_s * self.pace
            heapq.heappush(self.due, (due, next(self.numbers), body, payment, seal, attempt))
            self.changed.notify()

    def run(self) -> None:
        while True:
            with self.changed:
                while not self.due or self.due[0][0] > time.monotonic():
                    self.changed.wait(max(0.0, self.due[0][0] - time.monotonic()) if self.due else None)
                _, _, body, payment, seal, attempt = heapq.heappop(self.due)
            threading.Thread(target=self.send, args=(body, payment, seal, attempt), daemon=True).start()

    def send(self, body: bytes, payment: Payment, seal: Seal, attempt: int) -> None:
        """Once; where it is not taken, again later, with a signature of then."""
        url, host = reachable(payment.webhook_url)
        headers = seal(body, payment) | {"Content-Type": "application/json", "Host": host}
        request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310 - as asked
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S):  # noqa: S310
                return
        except (OSError, urllib.error.HTTPError):
            if attempt < len(RETRIES_S):
                self.put(RETRIES_S[attempt], body, payment, seal, attempt + 1)

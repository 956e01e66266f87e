"""The gateway as one object: what each address does, behind one lock, with the faults that somebody ordered."""

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from . import journal
from .books import PROCESSING, Books, Event, Payment
from .cards import Card
from .courier import Courier
from .errors import Refusal

FAULTS = ("timeout_after", "timeout_before", "unavailable", "garbage")
"""Does it and never answers; doesn't and never answers; says 503; answers with nonsense."""


class Gateway:
    def __init__(
        self, courier: Courier, dialects: Mapping[str, Any], *, origin: str = "", file: Path | None = None
    ) -> None:
        self.books = Books(courier.clock)
        self.dialects, self.origin = dialects, origin
        self.courier, self.file = courier, file
        self.lock = threading.RLock()
        self.faults: dict[str, deque[str]] = {}
        self.told = 0
        if file:
            journal.load(self.books, file)
            self.told = len(self.books.events)

    def do(self, work: Callable[[], Any]) -> Any:
        """One thing at a time; the webhooks of what it did leave, and the file is kept."""
        with self.lock:
            try:
                return work()
            finally:
                self._spread()

    def _webhooks(self, event: Event) -> Iterator[tuple[str, bytes]]:
        """Kind and body of each, as the shop that began the payment speaks."""
        payment = self.books.payments[event.payment["id"]]
        for kind, told in self.dialects[payment.dialect].told(event, payment):
            yield kind, json.dumps(told, separators=(",", ":")).encode()

    def sealed(self, body: bytes, payment: Payment) -> dict[str, str]:
        """The headers of a webhook that is sent now."""
        return self.dialects[payment.dialect].sealed(body, account=payment.account, at=int(self.courier.clock()))

    def _spread(self) -> None:
        """What the books tell that was not told yet; an address that answers nobody is the courier's trouble."""
        new, self.told = self.books.events[self.told :], len(self.books.events)
        for event in new:
            payment = self.books.payments[event.payment["id"]]
            for kind, body in self._webhooks(event):
                self.courier.bring(kind, body, payment, seal=self.sealed)
        if self.file:
            journal.save(self.books, self.file)

    # What accounts call

    def once(
        self,
        account: str,
        key: str,
        asked: Mapping[str, Any],
        work: Callable[[], Any],
        refused: Callable[[Refusal], Any],
    ) -> tuple[int, Any]:
        """Status and answer of a call; called again with the same key, the same answer, and nothing is done.

        A key that comes back with another question is refused.
        """
        question = json.dumps(asked, sort_keys=True)
        with self.lock:
            if key and (account, key) in self.books.answers:
                before, status, answer = self.books.answers[account, key]
                if before != question:
                    return 409, refused(Refusal("idempotency_conflict", "This key was used for something else."))
                return status, answer
            status, answer = self._answered(work, refused)
            if key:
                self.books.answers[account, key] = (question, status, answer)
            self.do(lambda: None)
            return status, answer

    def _answered(self, work: Callable[[], Any], refused: Callable[[Refusal], Any]) -> tuple[int, Any]:
        try:
            return 200, work()
        except Refusal as refusal:
            return refusal.status, refused(refusal)

    def next_fault(self, verb: str) -> str:
        """What goes wrong with the next call of this kind, where somebody ordered it; empty: nothing."""
        with self.lock:
            waiting = self.faults.get(verb)
            return waiting.popleft() if waiting else ""

    def order_fault(self, verb: str, fault: str, times: int) -> None:
        if fault not in FAULTS:
            raise Refusal("unknown_fault", f"One of {', '.join(FAULTS)}.")
        with self.lock:
            self.faults.setdefault(verb, deque()).extend([fault] * times)

    def webhooks_of(self, payment_id: str) -> list[dict[str, Any]]:
        """All of a payment as they would be sent now, for who tries things."""
        with self.lock:
            payment = self.books.shown(payment_id)
            events = [event for event in self.books.events if event.payment["id"] == payment_id]
            told = [(kind, body) for event in events for kind, body in self._webhooks(event)]
        return [{"kind": kind, "body": body.decode(), "headers": self.sealed(body, payment)} for kind, body in told]

    # What holders of cards do

    def pay(self, payment_id: str, number: str) -> Payment:
        def paid() -> Payment:
            payment = self.books.shown(payment_id)
            self._follow(payment, self.books.pay(payment, number))
            return payment

        return self.do(paid)

    def answer_3ds(self, payment_id: str, *, proven: bool) -> Payment:
        def answered() -> Payment:
            payment = self.books.shown(payment_id)
            self.books.answer_3ds(payment, proven=proven)
            return payment

        return self.do(answered)

    def _follow(self, payment: Payment, card: Card) -> None:
        """What happens by itself, later."""
        if payment.status == PROCESSING:
            self._later(card.takes_s, lambda: self.books.settle(payment))
        elif card.disputed_after_s is not None and payment.captures:
            self._later(card.disputed_after_s, lambda: self.books.dispute(payment))

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        timer = threading.Timer(seconds * self.courier.pace, self.do, [work])
        timer.daemon = True
        timer.start()

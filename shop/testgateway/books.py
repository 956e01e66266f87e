"""The gateway's books: payments, what was captured and given back, and the events that tell of it.

Amounts are whole numbers of a currency's smallest unit. Nothing here knows HTTP or time's passing: who calls says when.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from secrets import token_hex
from typing import Any

from .cards import Card, card_numbered, fingerprint_of
from .errors import Refusal, not_found

OPEN, NEEDS_ACTION, PROCESSING = "open", "needs_action", "processing"
AUTHORISED, SUCCEEDED, CANCELLED = "authorised", "succeeded", "cancelled"
PAYABLE = (OPEN, NEEDS_ACTION)
HIDDEN = frozenset(
    [
        "account",
        "manner",
        "pending_card",
        "webhook_url",
        "dialect",
        "customer",
        "intent",
        "is_kept",
        "refuses_capture",
        "keeps_refunds",
    ]
)
"""What no account is told of a payment."""


@dataclass
class Payment:
    id: str
    account: str
    amount: int
    currency: str
    order_number: str
    capture: str
    """`automatic`, or `manual`: authorised first, captured later."""
    return_url: str
    webhook_url: str
    created: float
    status: str = OPEN
    captures: list[dict[str, Any]] = field(default_factory=list)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    disputes: list[dict[str, Any]] = field(default_factory=list)
    authorised: int = 0
    decline: str = ""
    risk: int | None = None
    fingerprint: str = ""
    card: str = ""
    """Its last four digits."""
    manner: str = ""
    """How its webhooks travel."""
    dialect: str = "own"
    """In which it was begun, and its webhooks speak."""
    customer: str = ""
    """Of Stripe's: whose methods it shows."""
    intent: str = "CAPTURE"
    is_kept: bool = False
    """Of PayPal's: what the shop wants, and whether it has had the approved amount set aside."""
    refuses_capture: bool = False
    keeps_refunds: bool = False
    """As the card has it that paid."""
    pending_card: str = ""
    """The number that waits for 3-D Secure."""

    @property
    def captured(self) -> int:
        return sum(capture["amount"] for capture in self.captures)

    @property
    def refunded(self) -> int:
        """What left, arrived or not."""
        return sum(refund["amount"] for refund in self.refunds if refund.get("status") != "failed")

    def public(self) -> dict[str, Any]:
        """As the account is told."""
        return {name: value for name, value in asdict(self).items() if name not in HIDDEN}


@dataclass(frozen=True)
class Event:
    id: str
    kind: str
    created: float
    payment: dict[str, Any]
    """The payment as it was at that moment."""


class Books:
    """All accounts together; an account is whoever shows the same key. Callers hold a lock."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.payments: dict[str, Payment] = {}
        self.events: list[Event] = []
        self.answers: dict[tuple[str, str], tuple[str, int, dict[str, Any]]] = {}
        """By account and idempotency key: what was asked, and what was answered."""

    def create(self, account: str, asked: Mapping[str, Any], *, prefix: str = "pay", dialect: str = "own") -> Payment:
        amount, currency = asked.get("amount"), str(asked.get("currency", "")).upper()
        if not isinstance(amount, int) or amount <= 0 or len(currency) != 3:
            raise Refusal("invalid_amount", "An amount above nothing and a currency are needed.")
        payment = Payment(
            id=f"{prefix}_{token_hex(12)}",
            account=account,
            amount=amount,
            currency=currency,
            order_number=str(asked.get("order_number", "")),
            capture="manual" if asked.get("capture") == "manual" else "automatic",
            return_url=str(asked.get("return_url", "")),
            webhook_url=str(asked.get("webhook_url", "")),
            created=self.clock(),
            dialect=dialect,
            customer=str(asked.get("customer", "")),
        )
        self.payments[payment.id] = payment
        return payment

    def of_account(self, account: str, payment_id: str) -> Payment:
        """Raises `Refusal` for another's as for none."""
        payment = self.payments.get(payment_id)
        if payment is None or payment.account != account:
            raise not_found("payment")
        return payment

    def shown(self, payment_id: str) -> Payment:
        """To whoever holds the link to its page."""
        if payment_id not in self.payments:
            raise not_found("payment")
        return self.payments[payment_id]

    def pay(self, payment: Payment, number: str) -> Card:
        """Somebody typed a card. Raises `Refusal` where the payment takes none any more."""
        if payment.status not in PAYABLE:
            raise Refusal("not_payable", "This payment is over.", status=409)
        card = card_numbered(number)
        payment.manner, payment.card = card.webhooks, number[-4:]
        payment.refuses_capture, payment.keeps_refunds = card.refuses_capture, card.keeps_refunds
        payment.fingerprint, payment.risk = fingerprint_of(number), card.risk
        if card.asks_3ds:
            payment.pending_card, payment.decline = number, ""
            self._move(payment, NEEDS_ACTION, "payment.needs_action")
        else:
            self._charge(payment, card)
        return card

    def answer_3ds(self, payment: Payment, *, proven: bool) -> None:
        if payment.status != NEEDS_ACTION:
            raise Refusal("not_payable", "Nothing is asked of this payment.", status=409)
        card = card_numbered(payment.pending_card)
        self._charge(payment, card if proven else Card(decline="authentication_failed"))

    def settle(self, payment: Payment) -> None:
        """What was processing is done."""
        if payment.status == PROCESSING:
            self._charge(payment, Card())

    def _charge(self, payment: Payment, card: Card) -> None:
        payment.pending_card = ""
        if card.decline:
            payment.decline = card.decline
            self._move(payment, OPEN, "payment.failed")
        elif card.takes_s:
            self._move(payment, PROCESSING, "payment.processing")
        elif payment.capture == "manual":
            payment.decline, payment.authorised = "", payment.amount
            self._move(payment, AUTHORISED, "payment.authorised")
        else:
            payment.decline = ""
            self._take(payment, payment.amount)

    def capture(self, payment: Payment, amount: int | None) -> None:
        """All or a part of what is authorised; the rest is let go."""
        if payment.status != AUTHORISED:
            raise Refusal("not_capturable", f"The payment is {payment.status}.", status=409)
        if payment.refuses_capture:
            raise Refusal("card_declined", "The bank does not pay what it authorised.", status=402)
        taken = payment.amount if amount is None else amount
        if not 0 < taken <= payment.amount:
            raise Refusal("amount_too_large", "More than was authorised, or nothing.")
        self._take(payment, taken)

    def _take(self, payment: Payment, amount: int) -> None:
        payment.captures.append({"id": f"cap_{token_hex(8)}", "amount": amount})
        self._move(payment, SUCCEEDED, "payment.succeeded")

    def cancel(self, payment: Payment) -> None:
        if payment.status not in (*PAYABLE, AUTHORISED):
            raise Refusal("not_cancellable", f"The payment is {payment.status}.", status=409)
        self._move(payment, CANCELLED, "payment.cancelled")

    def refund(self, payment: Payment, amount: int) -> None:
        if amount <= 0 or payment.refunded + amount > payment.captured:
            raise Refusal("amount_too_large", "More than is left to give back, or nothing.")
        status = "pending" if payment.keeps_refunds else "succeeded"
        payment.refunds.append({"id": f"ref_{token_hex(8)}", "amount": amount, "status": status})
        self._tell(payment, f"refund.{status}")

    def end_refund(self, payment: Payment, *, arrives: bool) -> None:
        """Of the first one that is on its way."""
        pending = next((refund for refund in payment.refunds if refund.get("status") == "pending"), None)
        if pending is None:
            raise not_found("refund")
        pending["status"] = "succeeded" if arrives else "failed"
        self._tell(payment, "refund.arrived" if arrives else "refund.failed")

    def dispute(self, payment: Payment) -> None:
        if payment.status != SUCCEEDED or any(dispute["status"] == "open" for dispute in payment.disputes):
            raise Refusal("not_disputable", "Only what was captured can be disputed, and once at a time.", status=409)
        amount = payment.captured - payment.refunded
        if not amount:
            raise Refusal("not_disputable", "All of it was given back.", status=409)
        payment.disputes.append({"id": f"dis_{token_hex(8)}", "amount": amount, "status": "open"})
        self._tell(payment, "dispute.opened")

    def close_dispute(self, payment: Payment, *, won: bool) -> None:
        opened = next((dispute for dispute in payment.disputes if dispute["status"] == "open"), None)
        if opened is None:
            raise not_found("dispute")
        opened["status"] = "won" if won else "lost"
        self._tell(payment, f"dispute.{opened['status']}")

    def _move(self, payment: Payment, status: str, kind: str) -> None:
        payment.status = status
        self._tell(payment, kind)

    def _tell(self, payment: Payment, kind: str) -> None:
        self.events.append(Event(f"evt_{token_hex(12)}", kind, self.clock(), _copied(payment.public())))


def _copied(value: dict[str, Any]) -> dict[str, Any]:
    """What happens later does not change what was told."""
    lists = {name: [dict(row) for row in rows] for name, rows in value.items() if isinstance(rows, list)}
    return {**value, **lists}

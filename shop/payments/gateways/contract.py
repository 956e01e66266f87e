"""What every payment gateway can do. `registry.py` lists them; one module here and one in `shop/payments/methods` each.

Adding one: a class like those beside this file, its method with the form for its keys, its two lines in the
registries, tests over HTTP. Amounts are decimals in a currency's own unit; a gateway's smallest units stay inside its
module. No call is made while a transaction or a lock is held (`calls.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..kinds import TransactionKind


class PaymentStatus(models.TextChoices):
    """How far a payment has come at the gateway. It never goes back from what is over."""

    NOTED = "noted", _("Not answered yet")
    OPEN = "open", _("Waits for the buyer")
    PROCESSING = "processing", _("In progress")
    AUTHORISED = "authorised", _("Authorised")
    CANCELLED = "cancelled", _("Cancelled")
    SUCCEEDED = "succeeded", _("Paid")

    @property
    def is_over(self) -> bool:
        return self in (PaymentStatus.CANCELLED, PaymentStatus.SUCCEEDED)

    def moved_to(self, other: "PaymentStatus", *, by_look: bool = False) -> "PaymentStatus":
        """The further of the two, whichever is heard of first; a look at the gateway also knows of a step back."""
        if by_look and not self.is_over:
            return other
        order = list(PaymentStatus)
        return max(self, other, key=order.index)


NONSENSE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, StopIteration, OSError)
"""What reading may raise that makes no sense: no JSON, a wrong type, a missing part, a moment beyond all calendars."""
HIGHEST_RISK = 100
LONGEST_NAME, LONGEST_CODE = 255, 100
"""Of what gateways call a payment or a fact, and of a decline or a card, as our tables have them."""


def _check(text: str, most: int) -> None:
    """That it is a text which our tables take. Raises `ValueError`, and `AttributeError` for what is no text."""
    if "\0" in text or len(text.encode()) > most:  # encoding refuses half a pair of surrogates, which JSON can name
        raise ValueError(text[:most])


@dataclass(frozen=True)
class Fact:
    """Something that happened to the money of a payment, once: the gateway's own number tells it from all others."""

    kind: TransactionKind
    amount: Decimal
    id: str

    def __post_init__(self) -> None:
        """Raises `ValueError` for what nobody can note."""
        _check(self.id, LONGEST_NAME)
        if not self.amount.is_finite():
            raise ValueError(self.amount)


@dataclass(frozen=True)
class Snapshot:
    """What a gateway says of a payment: all of it in an answer, perhaps only a part in a webhook.

    `amount` is what the payment was started for, None where a webhook doesn't say.
    """

    reference: str
    status: PaymentStatus
    currency: str
    amount: Decimal | None = None
    order_number: str = ""
    facts: tuple[Fact, ...] = ()
    redirect_url: str = ""
    """Where the buyer pays; empty where they do so on our page."""
    needs_completion: bool = False
    """The buyer has agreed, and `complete` has to take the money."""
    captures_later: bool = False
    capture_before: datetime | None = None
    """Until when what is set aside can be taken, where the gateway says so."""
    capture_id: str = ""
    """Of a capture of the payment, in a webhook that names the payment no other way."""
    decline: str = ""
    """Why the last attempt failed, as the gateway's code."""
    risk: int | None = None
    """The gateway's own score, of 100."""
    fingerprint: str = ""
    """The same for the same card; no way back to its number."""
    customer: str = ""
    """The gateway's name for the buyer, by which it offers them what they paid with before."""
    client_secret: str = field(default="", repr=False)
    """For the gateway's script on our page; never kept."""

    def __post_init__(self) -> None:
        """Raises `ValueError` for what nobody can note."""
        for name in (self.reference, self.order_number, self.capture_id, self.customer):
            _check(name, LONGEST_NAME)
        for code in (self.currency, self.decline, self.fingerprint):
            _check(code, LONGEST_CODE)
        if self.amount is not None and not self.amount.is_finite():
            raise ValueError(self.amount)
        if self.risk is not None and not 0 <= self.risk <= HIGHEST_RISK:
            raise ValueError(self.risk)


DISPUTE_WON = (TransactionKind.DISPUTE_WON,)
DISPUTE_LOST = (TransactionKind.REFUND, TransactionKind.DISPUTE_LOST)
"""What is noted of a dispute that is closed."""


@dataclass(frozen=True)
class Notice:
    """A webhook whose signature is right. `snapshot` is None where it concerns no payment."""

    event_id: str
    kind: str
    snapshot: Snapshot | None

    def __post_init__(self) -> None:
        """Raises `ValueError` for what nobody can keep."""
        _check(self.event_id, LONGEST_NAME)
        _check(self.kind, LONGEST_NAME)


@dataclass(frozen=True)
class PaymentRequest:
    """What a payment is started with."""

    order_number: str
    amount: Decimal
    currency: str
    captures_later: bool
    return_url: str
    """Where the gateway sends the buyer back to, paid or not."""
    webhook_url: str
    email: str
    keeps_customer: bool = False
    """Whether the buyer has an account, so that the gateway may keep what they pay with for the next time."""
    customer: str = ""
    """The gateway's name for a buyer who has paid by it before."""
    language: str = "en"


@dataclass(frozen=True)
class OnOurPage:
    """A gateway whose own script takes the payment on our page, in frames that we can't look into."""

    template: str
    public_key: str
    permissions_policy: str
    policy: Mapping[str, list[str]]
    """What the page's Content-Security-Policy must allow for it, beyond the strict one."""


class Gateway(Protocol):
    """Made for one store, from the details that the store gave.

    Every call may raise `Declined`, `NeedsAction`, `Refused` and `GatewayUnreachable`. Made again with the same key, it
    does nothing and answers the same.
    """

    code: str
    captures_later: bool
    """Whether the store first has the money set aside, and takes it when it sends the goods."""
    authorised_for: timedelta
    """How long money stays set aside, where the gateway doesn't say of a payment."""

    def __init__(self, details: Mapping[str, Any]) -> None: ...

    @property
    def on_our_page(self) -> OnOurPage | None:
        """None where the buyer pays on the gateway's own page."""

    @property
    def page_origin(self) -> str:
        """Of the gateway's own page: our form leads there."""

    def page_data(self, begun: Snapshot, *, shows_kept: bool) -> Mapping[str, str]:
        """What the gateway's script on our page is told; what it keeps of the buyer is for the buyer's eyes alone."""

    def start(self, request: PaymentRequest, *, key: str) -> Snapshot: ...

    def look(self, reference: str) -> Snapshot:
        """How it stands now."""

    def complete(self, reference: str, *, key: str) -> Snapshot:
        """The buyer has come back: do what is left to do for their payment, which with most is nothing."""

    def capture(self, reference: str, amount: Decimal, currency: str, *, key: str) -> Snapshot:
        """Take what was authorised, or a part of it; the rest is let go."""

    def cancel(self, reference: str, *, key: str) -> Snapshot: ...

    def refund(self, reference: str, amount: Decimal, currency: str, *, key: str) -> Snapshot: ...

    def verify(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> None:
        """That a webhook is the gateway's, for this store, and fresh. Raises `WrongSignature`, `StaleWebhook`."""

    def read(self, body: bytes) -> Notice:
        """What a webhook says. Raises `UnreadableWebhook`."""

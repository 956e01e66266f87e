"""The ways of speaking to the gateway: its own, and as much of Stripe's and PayPal's as shops use.

So a shop whose keys are not set yet calls here, and its clients are tested without leaving the machine.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..books import Event, Payment
from ..errors import Refusal
from ..gateway import Gateway


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    headers: Mapping[str, str]
    """Their names in the case of `Content-Type`."""


@dataclass(frozen=True)
class Call:
    """What a shop asks for: `work` does it and gives the answer."""

    account: str
    verb: str
    """By which a fault is ordered: `start`, `look`, `capture`, `cancel`, `refund`."""
    work: Callable[[], Any]
    asked: Mapping[str, Any] = field(default_factory=dict)
    """What makes it the same call when it comes again with the same key."""
    key: str = ""


class Dialect(Protocol):
    def call(self, request: Request, gateway: Gateway) -> Call | None:
        """None for an address that is not of this dialect. Raises `Refusal`."""

    def refused(self, refusal: Refusal) -> Any: ...

    def told(self, event: Event, payment: Payment) -> list[tuple[str, dict[str, Any]]]:
        """Kind and body of each webhook that an event of the books is in this dialect."""

    def sealed(self, body: bytes, *, account: str, at: int) -> dict[str, str]:
        """The headers by which a webhook is known as ours."""


def bearer(request: Request, prefix: str) -> str:
    """The key of the account that calls. Raises `Refusal`."""
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    if kind != "Bearer" or not key.startswith(prefix):
        raise Refusal("unauthorised", f"A key {prefix}… is needed.", status=401)
    return key

"""What a rule against fraud is. `rules/` holds one module for each, `registry.py` lists them.

Adding one: a module with a class like those in `rules/`, its line in the registry, a test. A rule computes on values
and asks nobody; what it needs to know is loaded once for all of them (`signals.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

from django.utils.functional import Promise


@dataclass(frozen=True)
class Signals:
    """What is known of an order and of how it was paid."""

    amount: Decimal
    currency: str
    email: str = ""
    network: str = ""
    """The address from which the buyer paid."""
    card: str = ""
    """Its fingerprint, as the gateway makes it."""
    billing_country: str = ""
    shipping_country: str = ""
    risk: int | None = None
    """The gateway's own score, of 100."""
    attempts: Mapping[str, int] = field(default_factory=dict)
    """How many orders within an hour have the same `email`, or began to be paid from the same `network` or by the same
    `card`, this one included."""
    blocked: tuple[str, ...] = ()
    """Entries of the block list that it meets."""
    allowed: tuple[str, ...] = ()


class Rule(Protocol):
    code: str
    is_on_at_first: bool

    @property
    def name(self) -> str | Promise: ...

    @property
    def note(self) -> str | Promise:
        """One sentence for the staff who switch it on."""

    @property
    def options_form(self) -> Any:
        """The class of the form for its limits; their initial values are the rule's own."""

    def judge(self, signals: Signals, options: Mapping[str, Any]) -> str:
        """Why the order should be looked at, in a sentence for staff; empty: no reason."""

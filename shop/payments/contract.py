"""What every payment method is and can do. `methods/` holds one module for each, `registry.py` lists them.

Adding one: a module with a class like those in `methods/`, its line in the registry, its icon in the themes, tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Protocol

from django import forms
from django.utils.functional import Promise

from shop.accounts.models import User
from shop.companies.models import Company
from shop.order.statuses import OrderStatus


@dataclass(frozen=True)
class Instructions:
    """What the buyer has to do to pay: a sentence, and rows of name and value such as an account's."""

    text: str
    rows: tuple[tuple[str, str], ...] = ()
    link: str = ""
    """The path of the page on which to pay at once; empty where there is none."""


@dataclass(frozen=True)
class Payer:
    """Who pays: a buyer, for a company or for themselves; neither is a guest, or somebody whose account is closed."""

    buyer: User | None = None
    company: Company | None = None


@dataclass(frozen=True)
class Due:
    """What is to be paid for an order, as instructions name it."""

    order_number: str
    amount: str
    """Written in the reader's language, with its currency."""
    payer: Payer = Payer()
    due_on: date | None = None
    """Until when; None where it is to be paid at once."""


class PaymentMethod(Protocol):
    """Made for one store from the details that the store gave. A method inherits this class, and says what differs."""

    code: ClassVar[str]
    name: ClassVar[str | Promise]
    note: ClassVar[str | Promise]
    """One sentence beside the name, for the buyer who chooses."""
    provider: ClassVar[str] = ""
    """Whose service it is, for staff, where the name that buyers read does not say so."""
    placed_as: ClassVar[OrderStatus]
    """The state of an order that is to be paid so."""
    details_form: ClassVar[type[forms.Form]]
    """What the store must say before it can offer the method."""
    moves_by_hand: ClassVar[bool] = False
    """Whether people move the money, and staff note that it came or went back."""
    webhook_place: ClassVar[str | Promise] = ""
    """Where at the gateway the store enters the address of its webhooks; empty for a method that needs it nowhere."""
    is_set_up: bool = True
    """Whether the store said all that is needed; where not, nobody may pay so."""

    def __init__(self, details: Mapping[str, Any]) -> None: ...

    def is_available_to(self, payer: Payer) -> bool:
        """Whether they may pay so."""

    def instructions(self, due: Due) -> Instructions: ...

    @classmethod
    def hold(cls, payer: Payer) -> None:
        """Lock what `refusal` goes by, before anything is reckoned, in the transaction that places the order."""

    def refusal(self, payer: Payer, amount: Decimal, currency: str) -> str:
        """Why they may not pay this amount so, though they may pay so; "" where they may."""
        return ""

    def waits_until(self, placed_on: date) -> date | None:
        """The last day on which an order of that day waits for its payment; None where nobody ends it by the day."""
        return None

    def due_on(self, payer: Payer, placed_on: date) -> date | None:
        """Until when an order of that day is to be paid; None: at once."""
        return None

"""Whether so many pieces can be bought, and what the buyer is told of them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from oscar.apps.partner import availability

from .models import SoldAhead
from .stocked import Stocked


@dataclass(frozen=True)
class Ahead:
    """How goods are sold that are not there: how many at most (perhaps infinite), and for when they are promised."""

    how: SoldAhead
    most: float
    promised_on: date | None

    @classmethod
    def of(cls, record: Stocked) -> "Ahead | None":
        if not record.sold_ahead:
            return None
        return cls(SoldAhead(record.sold_ahead), record.allowance(), record.promised_on)

    @property
    def short_message(self) -> str:
        return _("Pre-order") if self.how == SoldAhead.PREORDER else _("On back-order")

    @property
    def message(self) -> str:
        if self.promised_on is None:
            return self.short_message
        said = {"how": self.short_message, "day": date_format(self.promised_on, "DATE_FORMAT")}
        return _("%(how)s: expected on %(day)s") % said


class StockLeft(availability.StockRequired):
    """What is left beside what others are promised, and what is sold ahead of it."""

    def __init__(self, left: int, ahead: Ahead | None = None) -> None:
        self.left, self.ahead = left, ahead

    @property
    def limit(self) -> float:
        """How many can be bought; infinite where nothing limits them."""
        return max(0, self.left + (self.ahead.most if self.ahead else 0))

    @property
    def num_available(self) -> int:
        """Raises `AttributeError`, as where stock is not counted, for what is sold in any number."""
        if self.limit == float("inf"):
            raise AttributeError("num_available")
        return int(self.limit)

    def awaited(self, quantity: int) -> int:
        """How many of so many pieces have to come first."""
        return max(0, quantity - max(0, self.left))

    def is_purchase_permitted(self, quantity: int) -> tuple[bool, Any]:
        if self.limit <= 0:
            return False, _("no stock available")
        if quantity > self.limit:
            return False, _("a maximum of %(max)d can be bought") % {"max": self.limit}
        return True, ""

    @property
    def is_ahead(self) -> bool:
        """Whether whatever is bought now has to come first."""
        return self.left <= 0 < self.limit

    @property
    def code(self) -> str:
        if self.ahead and self.is_ahead:
            return str(self.ahead.how)
        return self.CODE_IN_STOCK if self.left > 0 else self.CODE_OUT_OF_STOCK

    @property
    def promised_on(self) -> date | None:
        """For when pieces are promised that are not there."""
        return self.ahead.promised_on if self.ahead else None

    @property
    def short_message(self) -> str:
        if self.ahead and self.is_ahead:
            return self.ahead.short_message
        return _("In stock") if self.left > 0 else _("Unavailable")

    @property
    def message(self) -> str:
        if self.ahead and self.is_ahead:
            return self.ahead.message
        return _("In stock (%d available)") % self.left if self.left > 0 else _("Unavailable")

    def message_for(self, quantity: int) -> str:
        """What the buyer of so many pieces should know of them; empty where all are there."""
        awaited = self.awaited(quantity)
        if self.ahead is None or not awaited or quantity > self.limit:
            return ""
        if awaited == quantity:
            return self.ahead.message
        return _("%(there)d are in stock, %(awaited)d on the way. %(message)s") % {
            "there": quantity - awaited,
            "awaited": awaited,
            "message": self.ahead.message,
        }

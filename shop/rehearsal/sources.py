"""Where a draft's prices come from: a list as it will be. Whatever else has prices to try out says them likewise."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shop.catalogue.models import Product
from shop.pricing.queries import Found, load_list

from .models import Rehearsal


class PriceSource(Protocol):
    def load(self, products: Iterable[Product]) -> Found:
        """The draft's tiers and rules of quantities that reach these products, as `load_prices` gives them: each under
        the id of the draft's price list."""
        ...


@dataclass(frozen=True)
class ListAsOf:
    """What stands in the list, and is valid at a moment."""

    list_id: int
    moment: datetime

    def load(self, products: Iterable[Product]) -> Found:
        return load_list(products, self.list_id, moment=self.moment)


def source_of(rehearsal: Rehearsal) -> PriceSource:
    return ListAsOf(rehearsal.price_list_id, rehearsal.as_of)

"""What is counted is the same on each page and in each order of a list: it is remembered as long as it is so."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.utils import timezone

from shop.stores.scope import required_merchant_id
from shop.versions.marks import pages_of
from shop.versions.remembering import is_remembering, remembered

from ..contract import RANKED_FOR
from ..criteria import PRICE_SORTS, Criteria, Found, Sort
from .differences import Differences, Reckoning
from .plans import reckoning_of
from .queries import found_and_counted, page_of

T = TypeVar("T")

NOW = timedelta(minutes=1)
"""A context that is older than that is of somebody who looks at another time."""
MOST_REMEMBERED = 500
WINDOW = 240
"""So many products of a list are found at a time: who looks at one page looks at others."""
MOST_WINDOWS = 1_000
"""Two kilobytes each; the first of a list are remembered with its counts."""


def find(criteria: Criteria) -> Found:
    """One page of what a store has, with all counts."""
    if not is_of_now(criteria):
        return found_and_counted(criteria)
    reckoning = _reckoning_of(criteria)
    differences = reckoning.for_question(criteria) if reckoning else None
    until = reckoning.until if reckoning else None
    whole = replace(criteria, sort=Sort.NEWEST, limit=0, offset=0)
    counted = _counted(Asked(whole, lambda: _count(criteria, differences, until)))
    return replace(counted.found, product_ids=counted.page_of(criteria, differences))


def _count(criteria: Criteria, differences: Differences | None, until: datetime | None) -> "Counted":
    """With the first products. Where own prices are known, counting needs no join: an order by them, which does, is
    asked for by itself."""
    sort = Sort.NEWEST if differences and criteria.sort in PRICE_SORTS else criteria.sort
    found = found_and_counted(replace(criteria, sort=sort, offset=0, limit=WINDOW), differences)
    return Counted(replace(found, product_ids=[]), until, {sort: array("q", found.product_ids)})


def is_of_now(criteria: Criteria) -> bool:
    """Whether somebody looks at the store as it is."""
    return criteria.buyer is None or timedelta() <= timezone.now() - criteria.buyer.moment < NOW


def _reckoning_of(criteria: Criteria) -> Reckoning | None:
    """Of the buyer's own prices, where they have any, are told them, and it is remembered."""
    buyer = criteria.buyer
    if buyer is None or buyer.hides_prices or not criteria.is_reckoned or not is_remembering():
        return None
    return reckoning_of(criteria, buyer)


@dataclass(frozen=True)
class Window:
    """Some products of a list, in its order; in an array, which is small."""

    product_ids: Sequence[int]
    held_until: datetime


@dataclass(frozen=True)
class Counted:
    """What is found, whichever page of it is shown. It is shared, and only ever added to (`first`)."""

    found: Found
    until: datetime | None
    """When a price changes by itself, and with it how many there are of which price."""
    first: dict[Sort, Sequence[int]]
    """The first `WINDOW` products in each order that somebody has asked for, in arrays."""

    @property
    def held_until(self) -> datetime:
        return min(filter(None, (self.until, timezone.now() + RANKED_FOR)))

    def page_of(self, criteria: Criteria, differences: Differences | None) -> list[int]:
        begin = criteria.offset // WINDOW * WINDOW
        place = slice(criteria.offset - begin, criteria.offset - begin + criteria.limit)
        window = replace(criteria, offset=begin, limit=WINDOW)

        def ask(some: Criteria) -> Sequence[int]:
            return array("q", page_of(some, differences, is_capped=self.found.is_capped))

        if place.stop > WINDOW:
            return list(ask(criteria))
        if begin:
            asked = Asked(window, lambda: Window(ask(window), self.held_until))
            return list(_window(asked).product_ids[place])
        if criteria.sort not in self.first:
            self.first[criteria.sort] = ask(window)
        return list(self.first[criteria.sort][place])


class Asked(Generic[T]):
    """A question, equal to all with the same answer. It is kept as long as that is, and lets go of what answers it."""

    def __init__(self, criteria: Criteria, answer: Callable[[], T]) -> None:
        self.ask: Callable[[], T] | None = answer
        self.key = replace(criteria, buyer=None), criteria.buyer.cache_key if criteria.buyer else ""

    def answer(self) -> T:
        ask, self.ask = self.ask, None
        assert ask, "it is asked once"
        return ask()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Asked) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


def _marks(asked: Asked[Any]) -> tuple[str, ...]:
    return (pages_of(required_merchant_id()),)


@remembered(_marks, until=lambda counted: counted.held_until, most=MOST_REMEMBERED)
def _counted(asked: Asked[Counted]) -> Counted:
    return asked.answer()


@remembered(_marks, until=lambda window: window.held_until, most=MOST_WINDOWS)
def _window(asked: Asked[Window]) -> Window:
    return asked.answer()

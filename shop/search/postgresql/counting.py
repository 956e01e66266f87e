"""What is counted is the same on each page and in each order of a list: it is remembered as long as it is so."""

from array import array
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from django.utils import timezone

from shop.stores.scope import required_merchant_id
from shop.versions.marks import pages_of
from shop.versions.remembering import is_remembering, remembered

from ..contract import RANKED_FOR
from ..criteria import PRICE_SORTS, Criteria, Found, Sort
from .differences import Differences
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
    whole = replace(criteria, buyer=None, sort=Sort.NEWEST, limit=0, offset=0)
    whose = criteria.buyer.cache_key if criteria.buyer else ""
    counted = _counted(Asked((whole, whose), lambda: _count(criteria)))
    return replace(counted.found, product_ids=counted.page_of(criteria))


def _count(criteria: Criteria) -> "Counted":
    """With the first products. Where own prices are known, counting needs no join: an order by them, which does, is
    asked for by itself."""
    differences, until = _own_prices(criteria)
    sort = Sort.NEWEST if differences and criteria.sort in PRICE_SORTS else criteria.sort
    found = found_and_counted(replace(criteria, sort=sort, offset=0, limit=WINDOW), differences)
    return Counted(replace(found, product_ids=[]), until, {sort: array("q", found.product_ids)})


def is_of_now(criteria: Criteria) -> bool:
    """Whether somebody looks at the store as it is."""
    return criteria.buyer is None or timedelta() <= timezone.now() - criteria.buyer.moment < NOW


def _own_prices(criteria: Criteria) -> tuple[Differences | None, datetime | None]:
    """The buyer's, where they have any, are told them, and it is remembered; and when one changes by itself."""
    buyer = criteria.buyer
    if buyer is None or buyer.hides_prices or not criteria.is_reckoned or not is_remembering():
        return None, None
    reckoning = reckoning_of(criteria, buyer)
    return reckoning.for_question(criteria), reckoning.until


@dataclass(frozen=True, eq=False)
class Counted:
    """What is found, whichever page of it is shown. It is shared, and only ever added to (`first`)."""

    found: Found
    until: datetime | None
    """When a price changes by itself, and with it how many there are of which price."""
    first: dict[Sort, Sequence[int]]
    """The first `WINDOW` products in each order that somebody has asked for, in arrays, which are small."""

    @property
    def held_until(self) -> datetime:
        return min(filter(None, (self.until, timezone.now() + RANKED_FOR)))

    def page_of(self, criteria: Criteria) -> list[int]:
        begin = criteria.offset // WINDOW * WINDOW
        place = slice(criteria.offset - begin, criteria.offset - begin + criteria.limit)
        if place.stop > WINDOW:
            return list(self._ask(criteria, criteria.offset, criteria.limit))
        if begin:
            return list(_window(Asked((self, criteria.sort, begin), lambda: self._ask(criteria, begin, WINDOW)))[place])
        if criteria.sort not in self.first:
            self.first[criteria.sort] = self._ask(criteria, 0, WINDOW)
        return list(self.first[criteria.sort][place])

    def _ask(self, criteria: Criteria, offset: int, limit: int) -> Sequence[int]:
        differences, _ = _own_prices(criteria)
        some = replace(criteria, offset=offset, limit=limit)
        return array("q", page_of(some, differences, is_capped=self.found.is_capped))


class Asked(Generic[T]):
    """A question, equal to all with the same answer. It is kept as long as that is, and lets go of what answers it.

    Nothing is read for the answer before it is asked: what changed in between would be in what others get.
    """

    def __init__(self, key: Hashable, answer: Callable[[], T]) -> None:
        self.key = key
        self.ask: Callable[[], T] | None = answer

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


@remembered(_marks, most=MOST_WINDOWS)
def _window(asked: Asked[Sequence[int]]) -> Sequence[int]:
    """Of what was counted, and as long as that is remembered."""
    return asked.answer()

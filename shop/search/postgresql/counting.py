"""What is counted is the same on each page and in each order of a list: it is remembered as long as it is so."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from shop.stores.scope import required_merchant_id
from shop.versions.marks import pages_of
from shop.versions.remembering import is_remembering, remembered

from ..contract import RANKED_FOR
from ..criteria import Criteria, Found, Sort
from .differences import Differences, Reckoning
from .plans import reckoning_of
from .queries import found_and_counted, page_of

NOW = timedelta(minutes=1)
"""A context that is older than that is of somebody who looks at another time."""
MOST_REMEMBERED = 500
FIRST = 240
"""So many products of a list are remembered with its counts: hardly anybody looks at more."""


def find(criteria: Criteria) -> Found:
    """One page of what a store has, with all counts."""
    if not is_of_now(criteria):
        return found_and_counted(criteria)
    reckoning = _reckoning_of(criteria)
    differences = reckoning.for_question(criteria) if reckoning else None
    asked = Asked(criteria, lambda: _count(criteria, differences, reckoning.until if reckoning else None))
    counted = _counted(asked)
    return replace(counted.found, product_ids=counted.page_of(criteria, differences))


def _count(criteria: Criteria, differences: Differences | None, until: datetime | None) -> "Counted":
    found = found_and_counted(replace(criteria, offset=0, limit=FIRST), differences)
    return Counted(replace(found, product_ids=[]), until, {criteria.sort: array("q", found.product_ids)})


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
class Counted:
    """What is found, whichever page of it is shown. It is shared, and only ever added to (`first`)."""

    found: Found
    until: datetime | None
    """When a price changes by itself, and with it how many there are of which price."""
    first: dict[Sort, Sequence[int]]
    """The first `FIRST` products in each order that somebody has asked for, in arrays, which are small."""

    @property
    def held_until(self) -> datetime:
        return min(filter(None, (self.until, timezone.now() + RANKED_FOR)))

    def page_of(self, criteria: Criteria, differences: Differences | None) -> list[int]:
        ask, end = partial(page_of, is_capped=self.found.is_capped), criteria.offset + criteria.limit
        if end > FIRST:
            return ask(criteria, differences)
        if criteria.sort not in self.first:
            self.first[criteria.sort] = array("q", ask(replace(criteria, offset=0, limit=FIRST), differences))
        return list(self.first[criteria.sort][criteria.offset : end])


class Asked:
    """A question, equal to all with the same counts. It is kept as long as they are, and lets go of what answers it."""

    def __init__(self, criteria: Criteria, answer: Callable[[], Counted]) -> None:
        self.answer: Callable[[], Counted] | None = answer
        self.key = (
            replace(criteria, buyer=None, sort=Sort.NEWEST, limit=0, offset=0),
            criteria.buyer.cache_key if criteria.buyer else "",
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Asked) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


@remembered(
    lambda asked: (pages_of(required_merchant_id()),), until=lambda counted: counted.held_until, most=MOST_REMEMBERED
)
def _counted(asked: Asked) -> Counted:
    answer, asked.answer = asked.answer, None
    assert answer, "it is asked once"
    return answer()

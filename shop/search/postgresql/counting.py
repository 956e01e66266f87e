"""What is counted is the same on each page and in each order of a list: it is remembered as long as it is so."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from django.utils import timezone

from shop.pricing.queries import next_change
from shop.stores.scope import required_merchant_id
from shop.versions.marks import pages_of
from shop.versions.remembering import is_remembering, remembered

from ..criteria import Criteria, Found, Sort
from .queries import found_and_counted, page_of

NOW = timedelta(minutes=1)
"""A context that is older than that is of somebody who looks at another time."""
MOST_REMEMBERED = 500


def find(criteria: Criteria) -> Found:
    """One page of what a store has, with all counts."""
    asked = Asked(criteria)
    if not asked.is_of_now:
        return asked.answer.found
    counted = _counted(asked)
    if asked.is_answered:
        return counted.found
    return replace(counted.found, product_ids=page_of(criteria, is_capped=counted.found.is_capped))


@dataclass(frozen=True)
class Counted:
    found: Found
    until: datetime | None
    """When a price changes by itself, and with it how many there are of which price."""


class Asked:
    """A question, equal to all with the same counts; its answer, when it was asked for."""

    def __init__(self, criteria: Criteria) -> None:
        self.criteria = criteria
        self.key = (
            replace(criteria, buyer=None, sort=Sort.NEWEST, limit=0, offset=0),
            criteria.buyer.cache_key if criteria.buyer else "",
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Asked) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)

    @property
    def is_of_now(self) -> bool:
        """Whether somebody looks at the store as it is."""
        buyer = self.criteria.buyer
        return buyer is None or timedelta() <= timezone.now() - buyer.moment < NOW

    @property
    def is_answered(self) -> bool:
        return "answer" in vars(self)

    @cached_property
    def answer(self) -> Counted:
        buyer = self.criteria.buyer if self.criteria.is_reckoned and is_remembering() else None
        return Counted(found_and_counted(self.criteria), next_change(buyer) if buyer else None)


@remembered(
    lambda asked: (pages_of(required_merchant_id()),), until=lambda counted: counted.until, most=MOST_REMEMBERED
)
def _counted(asked: Asked) -> Counted:
    return asked.answer

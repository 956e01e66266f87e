"""What somebody looks for, as a value: where, for which words, with which filters, in which order, which page."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE_ASCENDING = "price-asc"
    PRICE_DESCENDING = "price-desc"
    TITLE = "title"


PRICE_STEPS = tuple(Decimal(f"{digit}e{power}") for power in range(-1, 5) for digit in (1, 2, 5))
"""Where ranges of prices begin and end: 0.1, 0.2, 0.5, 1, 2, 5 ... 50,000."""


@dataclass(frozen=True)
class PriceRange:
    """From the lower price on, up to but without the upper one; None where it is open."""

    lower: Decimal | None
    upper: Decimal | None

    @classmethod
    def all(cls) -> tuple["PriceRange", ...]:
        """In the order of PostgreSQL's `width_bucket` over `PRICE_STEPS`, whose 0 lies below the first step."""
        return tuple(map(cls, (None, *PRICE_STEPS), (*PRICE_STEPS, None)))


@dataclass(frozen=True)
class Criteria:
    store_id: int
    language: str
    words: str = ""
    company_id: int | None = None
    """Whose own part numbers count as well: the company that is bought for."""
    within: int | None = None
    """Only in this category, or below it."""
    category_level: int = 1
    """Which level of the tree is offered as a filter; 1 are the roots."""
    categories: tuple[int, ...] = ()
    classes: tuple[int, ...] = ()
    price_buckets: tuple[int, ...] = ()
    only_in_stock: bool = False
    sort: Sort = Sort.NEWEST
    limit: int = 24
    offset: int = 0


@dataclass(frozen=True)
class Count:
    """How many of the products found have this value of a facet."""

    value: int
    name: str
    slug: str
    number: int


@dataclass(frozen=True)
class Found:
    """One page of product ids in their order, how many there are in all, and the counts of each facet.

    `total_unfiltered` is what there would be without any filter.

    The counts of a facet leave its own filter out: they say what choosing another value would find.
    """

    product_ids: list[int]
    total: int
    total_unfiltered: int
    categories: list[Count]
    classes: list[Count]
    prices: list[Count]
    in_stock: int

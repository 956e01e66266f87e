"""What somebody looks for, as a value: where, for which words, with which filters, in which order, which page."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import cache

from shop.pricing.context import PriceContext


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    POPULAR = "popular"
    PRICE_ASCENDING = "price-asc"
    PRICE_DESCENDING = "price-desc"
    TITLE = "title"


PRICE_SORTS = frozenset({Sort.PRICE_ASCENDING, Sort.PRICE_DESCENDING})

MOST_COUNTED = 10_000
"""Who finds more is told that it is more: counting all of them would take as long as there are products."""
ALMOST_NOTHING = 3
"""Who finds fewer products than this is told which similar words find more."""

PRICE_STEPS = tuple(Decimal(f"{digit}e{power}") for power in range(-1, 5) for digit in (1, 2, 5))
"""Where ranges of prices begin and end: 0.1, 0.2, 0.5, 1, 2, 5 ... 50,000."""


@dataclass(frozen=True)
class PriceRange:
    """From the lower price on, up to but without the upper one; None where it is open."""

    lower: Decimal | None
    upper: Decimal | None

    @classmethod
    @cache
    def all(cls) -> tuple["PriceRange", ...]:
        """In the order of PostgreSQL's `width_bucket` over `PRICE_STEPS`, whose 0 lies below the first step."""
        return tuple(map(cls, (None, *PRICE_STEPS), (*PRICE_STEPS, None)))


@dataclass(frozen=True)
class Criteria:
    store_id: int
    language: str
    words: str = ""
    synonyms: tuple[str, ...] = ()
    """The same words said otherwise."""
    led_to: tuple[int, ...] = ()
    """Products that stand first among the most relevant, in this order, whatever their words."""
    company_id: int | None = None
    """Whose own part numbers count as well: the company that is bought for."""
    buyer: PriceContext | None = None
    """At whose prices it is sorted, filtered and counted; None: at those of anybody without a price list."""
    store_currency: str = ""
    """Which rows of search know: the prices of a buyer in another one are in lists and stock records."""
    store_shows_tax: bool = False
    """Whether the prices of rows are with tax."""
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
    most_counted: int = MOST_COUNTED

    @property
    def is_by_price(self) -> bool:
        """Whether prices say what is found, or in which order."""
        return bool(self.price_buckets) or self.sort in PRICE_SORTS

    @property
    def has_filters(self) -> bool:
        return bool(self.categories or self.classes or self.price_buckets or self.only_in_stock)

    @property
    def is_narrow(self) -> bool:
        """Whether it is about some of what the store has."""
        return bool(self.words) or self.within is not None

    @property
    def is_foreign(self) -> bool:
        return self.buyer is not None and self.buyer.currency != self.store_currency

    @property
    def is_reckoned(self) -> bool:
        """Whether this buyer's prices may be others than those of the rows."""
        return self.is_foreign or bool(self.buyer and self.buyer.lists)


@dataclass(frozen=True)
class Count:
    """How many of the products found have this value of a facet."""

    value: int
    name: str
    slug: str
    number: int
    is_least: bool = False
    """Whether there may be more: they were not all looked at."""


@dataclass(frozen=True)
class Found:
    """One page of product ids in their order, how many there are in all, and the counts of each facet.

    `total` stands one above `most_counted` where there are more. `total_unfiltered` is what there would be without any
    filter, up to `ALMOST_NOTHING`.

    The counts of a facet leave its own filter out: they say what choosing another value would find.
    """

    product_ids: list[int]
    total: int
    total_unfiltered: int
    categories: list[Count]
    classes: list[Count]
    prices: list[Count]
    in_stock: Count
    most_counted: int = MOST_COUNTED

    @property
    def is_capped(self) -> bool:
        return self.total > self.most_counted

    @property
    def total_counted(self) -> int:
        """As many as can be paged through."""
        return min(self.total, self.most_counted)

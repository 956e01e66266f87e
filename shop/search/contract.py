"""What finds products for the shop: a contract that each engine fulfils as a module of functions.

The rows of search in PostgreSQL (`postgresql/`) are what is searched, unless `SEARCH_URL` names an OpenSearch, which is
fed from them (`opensearch/`). `engines.py` chooses. Every engine is called in the scope of a merchant, and sees nothing
else.

It gives ids. What is shown is loaded by `visible().for_store(store)`, so what an engine has wrong could misplace or
miscount, never show or sell.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, runtime_checkable

from .criteria import Criteria, Found

RANKED_FOR = timedelta(minutes=10)
"""So long at most an order may be remembered: what becomes popular moves no page, and so tells nobody (ADR 6)."""


class NotThere(Exception):
    """The engine does not know the answer to this; another one does."""


class Away(NotThere):
    """The engine does not answer at all, or not in time, or not sensibly."""


@dataclass(frozen=True)
class Typed:
    """What somebody has typed so far."""

    store_id: int
    language: str
    words: str
    """In lower case without accents, a single space between them: at least one."""
    code: str
    """As it was typed: it may be how a product is called."""
    company_id: int | None
    synonyms: tuple[str, ...]
    led_to: tuple[int, ...]
    limit: int


@runtime_checkable
class Engine(Protocol):
    """Each raises `NotThere`; PostgreSQL never does."""

    def find(self, criteria: Criteria) -> Found:
        """One page of what a store has, with the counts of every facet."""

    def propose(self, typed: Typed) -> list[int]:
        """Ids of products that may be meant, the likeliest first."""

    def meant(self, criteria: Criteria) -> str | None:
        """The same words without slips of the keyboard; None where the store's own words mend none."""


@runtime_checkable
class Index(Protocol):
    """What an engine finds things in. Triggers keep PostgreSQL's, OpenSearch's is fed: this is for who mends the one
    or feeds the other."""

    def keep(self, product_ids: Collection[int]) -> None:
        """Take over how these products are now, in all stores of the merchant; those that are gone go."""

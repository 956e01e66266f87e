"""What a row says, once it is understood."""

from dataclasses import dataclass
from decimal import Decimal

from .errors import Refusal

CategoryPath = tuple[str, ...]
"""Names of a category's ancestors and its own, from the root down."""


@dataclass(frozen=True, slots=True)
class ProductRow:
    """One product as its row describes it. An empty value says nothing: what the catalogue holds there stays.

    `price` has exactly as many decimals as the catalogue keeps, and is None only for what may be a parent of variants.
    """

    line: int
    sku: str
    title: str
    price: Decimal | None
    description: str = ""
    categories: tuple[CategoryPath, ...] = ()
    product_type: str = ""
    stock: int | None = None
    barcode: str = ""
    parent_sku: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that isn't understood, with all that is wrong with it. `sku` is "" where that is what is wrong."""

    line: int
    sku: str
    refusals: tuple[Refusal, ...]

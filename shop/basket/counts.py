"""How many pieces there are of what: the price of a line depends on others."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from shop.pricing.tiers import Counted

if TYPE_CHECKING:
    from .models import Line


@dataclass
class Counts:
    """How many pieces are in a basket: in each line, of each product, of each product with all its variants."""

    lines: Counter[object]
    products: Counter[int]
    families: Counter[int]

    @classmethod
    def of(cls, lines: Iterable["Line"]) -> Self:
        counts = cls(Counter(), Counter(), Counter())
        for line in lines:
            counts.lines[_key(line)] += line.quantity
            counts.products[line.product_id] += line.quantity
            counts.families[line.family_id] += line.quantity
        return counts

    def with_line(self, line: "Line") -> Counted:
        """With as many in this line as it says now, be it new or changed."""
        more = line.quantity - self.lines[_key(line)]
        return Counted(self.products[line.product_id] + more, self.families[line.family_id] + more)


def _key(line: "Line") -> object:
    return line.pk or ("new", id(line))

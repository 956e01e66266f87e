"""How many pieces of a product may be bought at once: values in, values out, and one sentence for all who ask."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

LARGEST = 2**31 - 1
"""That a column of quantities holds."""


@dataclass(frozen=True)
class QuantityTerms:
    """No fewer than the minimum, and in whole packs."""

    minimum: int = 1
    multiple: int = 1
    """Pieces in a pack."""
    rule_id: int | None = None

    @property
    def least(self) -> int:
        """The smallest quantity that is sold: the first whole number of packs that is no fewer than the minimum."""
        return -(-self.minimum // self.multiple) * self.multiple

    @property
    def is_free(self) -> bool:
        """Whether any quantity may be bought."""
        return self.least == self.multiple == 1


ANY_QUANTITY = QuantityTerms()


def nearest_allowed(quantity: int, terms: QuantityTerms) -> tuple[int, ...]:
    """The allowed quantities next to this one, ascending: itself, where it is allowed; else one or two others."""
    below = quantity // terms.multiple * terms.multiple
    if below < terms.least:
        return (terms.least,)
    if below == quantity or below + terms.multiple > LARGEST:
        return (below,)
    return (below, below + terms.multiple)


def quantity_refusal(title: str, quantity: int, terms: QuantityTerms) -> str | None:
    """Why so many can't be bought, and how many can; None where they can."""
    allowed = nearest_allowed(quantity, terms)
    if allowed == (quantity,):
        return None
    nearest = _(" or ").join(map(str, allowed))
    values = {"title": title, "least": terms.least, "multiple": terms.multiple, "nearest": nearest}
    if quantity < terms.least:
        return _("“%(title)s” is sold from %(least)d pieces on: please order %(nearest)s.") % values
    return _("“%(title)s” is sold in packs of %(multiple)d: please order %(nearest)s.") % values

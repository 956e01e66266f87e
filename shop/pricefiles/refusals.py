"""Why a row of a price file is refused: a word in the database, a sentence in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shop.pricing.changes import LARGEST_PRICE


class Reason(StrEnum):
    UNREADABLE = "unreadable"
    MISSING = "missing"
    BOTH = "both"
    UNKNOWN = "unknown"
    AMBIGUOUS = "ambiguous"
    FORMULA = "formula"
    NUMBER = "number"
    NEGATIVE = "negative"
    DECIMALS = "decimals"
    ABSURD = "absurd"
    PERCENT = "percent"
    QUANTITY = "quantity"
    KIND = "kind"
    DATE = "date"
    ENDS = "ends"
    CURRENCY = "currency"
    TWICE = "twice"
    SCHEDULED = "scheduled"
    NOTHING = "nothing"
    OVERLAP = "overlap"
    DEARER = "dearer"
    BESIDE = "beside"


SENTENCES: dict[Reason, str | Promise] = {
    Reason.UNREADABLE: _("The row can't be read: %(fault)s."),
    Reason.MISSING: _("The row needs a SKU or a category."),
    Reason.BOTH: _("A row is about a SKU or about a category, not both."),
    Reason.UNKNOWN: _("There is no such product or category."),
    Reason.AMBIGUOUS: _("This is the number of more than one product."),
    Reason.FORMULA: _("This is a formula: save the file with its values."),
    Reason.NUMBER: _("“%(cell)s” is not a number such as %(example)s."),
    Reason.NEGATIVE: _("A price must not be negative."),
    Reason.DECIMALS: _("A price must not have more than four decimals."),
    Reason.ABSURD: _("A price of more than %(most)d for one piece is taken for a slip."),
    Reason.PERCENT: _("No more than 100 per cent can be taken off."),
    Reason.QUANTITY: _("A price needs a quantity of at least one piece."),
    Reason.KIND: _("“%(cell)s” is none of fixed, percent, amount."),
    Reason.DATE: _("“%(cell)s” is not a day such as 2026-12-31."),
    Reason.ENDS: _("A price must not end before it starts."),
    Reason.CURRENCY: _("The list is in %(currency)s."),
    Reason.TWICE: _("The same quantity is named twice for the same thing."),
    Reason.SCHEDULED: _("Its prices are changed by a later revision already: undo that one first."),
    Reason.NOTHING: _("The list has no price to take out for this quantity."),
    Reason.OVERLAP: _("Its time overlaps that of another price for the same quantity."),
    Reason.DEARER: _("From %(more)d pieces on one would cost more than from %(less)d on."),
    Reason.BESIDE: _("Another row of the same goods is refused: their prices change together or not at all."),
}

OTHER_LINE = _("See line %(other)d.")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason to refuse a row; `column` is "" when the whole row is meant."""

    line: int
    column: str
    reason: Reason
    words: Mapping[str, str | int] = field(default_factory=dict)


def sentence(reason: str, words: Mapping[str, str | int]) -> str:
    """Of a reason as the database keeps it; empty for none that is known."""
    if reason not in SENTENCES:
        return ""
    said = str(SENTENCES[Reason(reason)]) % {"most": LARGEST_PRICE, **words}
    return f"{said} {OTHER_LINE % {'other': words['other']}}" if words.get("other") else said

"""The differences of a file as its page shows them: as many queries for a page of any of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from shop.catalogue.models import Product
from shop.pricefiles.models import PriceFile, PriceFileRow
from shop.pricefiles.refusals import sentence
from shop.pricefiles.states import Outcome
from shop.pricing.formats import money
from shop.pricing.levels import TierKind

PER_PAGE = 50


@dataclass(frozen=True)
class ShownRow:
    row: PriceFileRow
    title: str
    old: str
    new: str
    reason: str


@dataclass(frozen=True)
class RowsPage:
    rows: Sequence[ShownRow]
    outcome: str
    number: int
    has_next: bool

    @property
    def before(self) -> int:
        return self.number - 1

    @property
    def after(self) -> int:
        return self.number + 1


def rows_page(price_file: PriceFile, said: dict) -> RowsPage:
    """The differences that somebody asks for; without a word of theirs the first kind that there is."""
    outcome = said.get("show") or _first_outcome(price_file)
    rows = price_file.differences_found.filter(outcome=outcome)
    if said.get("q"):
        rows = rows.filter(name__istartswith=said["q"])
    rows = rows.largest_first() if said.get("order") else rows.in_order_of_lines()
    number = said.get("page") or 1
    found = list(rows[(number - 1) * PER_PAGE : number * PER_PAGE + 1])
    return RowsPage(_shown(found[:PER_PAGE], price_file.price_list.currency), outcome, number, len(found) > PER_PAGE)


def _first_outcome(price_file: PriceFile) -> str:
    counted = {
        Outcome.CHANGED: price_file.changed,
        Outcome.ADDED: price_file.added,
        Outcome.REMOVED: price_file.removed,
        Outcome.REFUSED: price_file.refused,
    }
    return next((outcome for outcome, count in counted.items() if count), Outcome.CHANGED)


def _shown(rows: Sequence[PriceFileRow], currency: str) -> list[ShownRow]:
    products = Product.objects.select_related("parent").in_bulk({row.product_ref for row in rows if row.product_ref})
    return [
        ShownRow(
            row,
            title=products[row.product_ref].get_title() if row.product_ref in products else "",
            old=_price(row.old_kind, row.old_value, row.old_floor, currency),
            new=_price(row.kind, row.value, row.floor, currency),
            reason=sentence(row.reason, row.words),
        )
        for row in rows
    ]


def _price(kind: str, value: Decimal | None, floor: Decimal | None, currency: str) -> str:
    if value is None:
        return ""
    said = _said(kind, value.normalize(), currency)
    return f"{said}, {_('no lower than %(floor)s') % {'floor': money(floor, currency)}}" if floor is not None else said


def _said(kind: str, value: Decimal, currency: str) -> str:
    match kind:
        case TierKind.PERCENT:
            return _("%(value)s %% off") % {"value": f"{value:f}"}
        case TierKind.AMOUNT:
            return _("%(amount)s off") % {"amount": money(value, currency)}
    return money(value, currency)

"""A receipt in sentences: "Why this price?", for buyers, staff and programs alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format

from shop.stores.texts import gettext as _

from .formats import money
from .levels import TierKind, TierTarget
from .receipts import Receipt
from .tiers import Quote


@dataclass(frozen=True)
class Reason:
    """One thing that the price came from."""

    title: str
    text: str
    source: str = ""
    """The row that said so and its version, as staff look it up."""


def explain(receipt: Receipt) -> tuple[Reason, ...]:
    """In the order in which the price came about, in the reader's language."""
    return tuple(_reasons(receipt))


def _reasons(receipt: Receipt) -> Iterator[Reason]:
    found, currency = receipt.quote, receipt.quote.unit.currency
    if found.base:
        yield from _said_by(found.base, currency)
    yield from _said_by(found, currency)
    yield from _counted(receipt)
    if not receipt.quantities.is_free:
        values = {"least": receipt.quantities.least, "multiple": receipt.quantities.multiple}
        text = _("Sold from %(least)d pieces on, in packs of %(multiple)d.") % values
        yield Reason(_("Quantities"), text, _("rule %(id)s") % {"id": receipt.quantities.rule_id})
    for given in receipt.offers:
        source = _("offer %(id)s") % {"id": given.offer_id} if given.offer_id else ""
        yield Reason(_("Offer"), f"{given.name}: −{money(given.amount, currency)}", source)
    yield Reason(_("Tax"), _tax(receipt))
    yield Reason(_("Rounding"), _rounding(receipt))


def _said_by(found: Quote, currency: str) -> Iterator[Reason]:
    price = money(found.sticker.amount, currency)
    sides = {True: _("with tax"), False: _("without tax")}[found.sticker.includes_tax]
    if found.terms is None or found.tier is None:
        source = _("stock record %(id)s") % {"id": found.record_id}
        yield Reason(_("Usual price"), f"{price} {sides}", source)
        return
    terms, tier = found.terms, found.tier
    text = _("%(name)s, for %(whom)s") % {"name": terms.name, "whom": terms.level.label}
    source = _("list %(code)s, revision %(revision)s") % {"code": terms.code, "revision": terms.revision}
    yield Reason(_("Price list"), text, source)
    values = {"least": tier.min_quantity, "price": price, "sides": sides, "off": _off(found, currency)}
    text = _("From %(least)d on: %(price)s each, %(sides)s") % values
    if tier.kind != TierKind.FIXED:
        text = _("From %(least)d on, %(off)s off: %(price)s each, %(sides)s") % values
    if tier.target == TierTarget.CATEGORY:
        text += " " + _("(of the category)")
    yield Reason(_("Tier"), text, _("tier %(id)s, version %(version)s") % {"id": tier.id, "version": tier.version})


def _off(found: Quote, currency: str) -> str:
    assert found.tier is not None
    if found.tier.kind == TierKind.PERCENT:
        return f"{number_format(found.tier.value.normalize(), use_l10n=True)} %"
    return money(found.tier.value, currency)


def _counted(receipt: Receipt) -> Iterator[Reason]:
    """Where more pieces count than are in the line, by the list or by what it leans on."""
    asked = [each.terms for each in (receipt.quote, receipt.quote.base) if each and each.terms]
    number = max(map(receipt.counted.by, asked), default=0)
    if number <= receipt.quantity:
        return
    text = _("%(n)d pieces, with other lines of the same product")
    if any(terms.mix_and_match for terms in asked):
        text = _("%(n)d pieces, with all variants of the product")
    yield Reason(_("Counted"), text % {"n": number})


def _tax(receipt: Receipt) -> str:
    unit, rate = receipt.quote.unit, {"rate": percentage(receipt.quote.unit.tax_rate)}
    if unit.tax_rate != receipt.list_tax_rate:
        return _("Exempt: you pay %(rate)s, and tax that was in a list's price is taken out.") % rate
    if unit.includes_tax:
        return _("%(rate)s, which is in the price.") % rate
    return _("%(rate)s of the line's amount without tax, added to it.") % rate


def _rounding(receipt: Receipt) -> str:
    unit, full = receipt.quote.unit, receipt.before_offers
    values = {
        "price": money(unit.amount, unit.currency),
        "n": receipt.quantity,
        "sum": money(full.gross if unit.includes_tax else full.net, unit.currency),
    }
    return _("%(n)d × %(price)s = %(sum)s, rounded once, half up.") % values


def percentage(rate: Decimal) -> str:
    """`0.19` as people read it: `19 %`."""
    return f"{number_format((rate * 100).normalize() + 0, use_l10n=True)} %"

"""Receipts: kept as JSON, read again, replayed to the same penny whatever is mixed in them."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some

from shop.pricing.explanations import explain
from shop.pricing.levels import Level, TierKind, TierTarget
from shop.pricing.pricing import price_line
from shop.pricing.quantities import ANY_QUANTITY, QuantityTerms
from shop.pricing.receipts import Given, Receipt, receipt_of
from shop.pricing.tiers import Counted, Goods, Tier, next_saving, price_steps, quote
from shop.stores.models import TaxDisplay
from tests.pricing.contexts import context, terms

D = Decimal

amounts = some.decimals(min_value=0, max_value=100_000, places=4)
rates = some.sampled_from(["0", "0.05", "0.07", "0.19", "0.2", "0.255"])
currencies = some.sampled_from(["GBP", "EUR", "JPY"])


@some.composite
def tiers(draw) -> Tier:
    kind = draw(some.sampled_from(TierKind))
    value = draw(some.decimals(min_value=0, max_value=100, places=4)) if kind == TierKind.PERCENT else draw(amounts)
    target = draw(some.sampled_from(TierTarget))
    floor = draw(some.none() | amounts) if kind != TierKind.FIXED else None
    return Tier(draw(some.integers(1, 99)), 1, target, 5, draw(some.integers(1, 200)), kind, value, floor)


@some.composite
def ladders(draw) -> tuple:
    rungs = draw(some.lists(tiers(), max_size=4, unique_by=lambda tier: tier.min_quantity))
    return tuple(sorted(rungs, key=lambda tier: tier.min_quantity))


@some.composite
def contexts(draw):
    """Any mixture of lists, each leaning on another or on none, and of taxes."""
    sides = some.booleans()
    lists = []
    for pk in range(1, draw(some.integers(0, 3)) + 1):
        base = terms(pk + 10, includes_tax=draw(sides)) if draw(some.booleans()) else None
        own = {"includes_tax": draw(sides), "mix_and_match": draw(sides), "level": draw(some.sampled_from(Level))}
        lists.append(terms(pk, base=base, **own))
    rate = draw(rates)
    return context(
        tax_rate=rate,
        buyers_rate=draw(some.sampled_from([rate, "0"])),
        tax_display=draw(some.sampled_from(TaxDisplay)),
        currency=draw(currencies),
        lists=tuple(lists),
    )


@some.composite
def goods(draw) -> Goods:
    known = {pk: tuple(draw(some.lists(ladders(), max_size=2))) for pk in (1, 2, 3, 11, 12, 13)}
    quantities = QuantityTerms(draw(some.integers(1, 20)), draw(some.integers(1, 12)), 7)
    return Goods(3, draw(some.none() | amounts), known, draw(some.just(ANY_QUANTITY) | some.just(quantities)))


@some.composite
def purchases(draw):
    """What is bought, in which context, and how many pieces of it count."""
    quantity = draw(some.integers(1, 5_000))
    counted = Counted(quantity + draw(some.integers(0, 50)), quantity + draw(some.integers(50, 500)))
    return draw(goods()), draw(contexts()), quantity, counted


@given(purchases(), some.lists(some.builds(Given, some.none(), some.just("Sale"), amounts), max_size=2))
def test_a_receipt_that_was_kept_replays_to_itself(purchase, offers):
    known, buyer, quantity, counted = purchase
    found = quote(known, counted, buyer)
    if found is None:
        return

    receipt = receipt_of(found, quantity, counted, buyer, quantities=known.quantities, offers=tuple(offers))
    kept = Receipt.from_json(receipt.as_json())

    assert kept == receipt
    assert kept.replayed() == receipt


@given(purchases())
def test_a_line_follows_the_formulas_of_its_list(purchase):
    known, buyer, quantity, counted = purchase
    found = quote(known, counted, buyer)
    if found is None:
        return
    unit, line = found.unit, price_line(found.unit, quantity)

    places = D(1) if buyer.currency == "JPY" else D("0.01")
    half = places / 2
    side = line.gross if unit.includes_tax else line.net
    assert abs(side - unit.amount * quantity) <= half
    if unit.includes_tax:
        assert abs(line.net - line.gross / (1 + unit.tax_rate)) <= half
    else:
        assert abs(line.tax - line.net * unit.tax_rate) <= half
    assert all(amount == amount.quantize(places) for amount in (line.net, line.gross, line.tax))
    assert unit.tax_rate == buyer.tax_rate


@given(purchases())
def test_the_table_says_what_the_basket_asks_at_each_of_its_quantities(purchase):
    known, buyer, _quantity, _counted = purchase
    for step in price_steps(known, buyer):
        asked = quote(known, Counted(step.min_quantity, step.min_quantity), buyer)
        assert asked.unit == step.quote.unit


@given(purchases())
def test_who_follows_the_hint_pays_less_for_each(purchase):
    known, buyer, _quantity, counted = purchase
    saving = next_saving(known, counted, buyer)
    if saving is None:
        return

    more = Counted(counted.own + saving.more, counted.family + saving.more)
    then, now = quote(known, more, buyer), quote(known, counted, buyer)
    assert saving.more > 0
    assert then.unit == saving.quote.unit
    assert then.unit.shown(with_tax=False) < now.unit.shown(with_tax=False)


# What is kept


def a_receipt() -> Receipt:
    buyer = context(
        tax_display=TaxDisplay.EXCLUSIVE,
        lists=(terms(1, base=terms(2, level=Level.BASE), level=Level.CONTRACT, mix_and_match=True),),
    )
    off = Tier(17, 3, TierTarget.PRODUCT, 5, 10, TierKind.PERCENT, D("15"), D("1"))
    base = Tier(4, 1, TierTarget.CATEGORY, 6, 1, TierKind.FIXED, D("10"))
    known = Goods(3, D("12.5"), {1: ((off,),), 2: ((base,),)}, QuantityTerms(6, 2, 8))
    counted = Counted(10, 12)
    offers = (Given(9, "Autumn sale", D("5.00")),)
    found = quote(known, counted, buyer)
    return receipt_of(found, 10, counted, buyer, quantities=known.quantities, offers=offers)


def test_what_is_kept_is_of_schema_one():
    """Whoever changes this keeps a reader for what was stored, under another number."""
    kept = a_receipt().as_json()

    assert sorted(kept) == [
        "before_offers", "counted", "line", "list_tax_rate", "moment", "offers", "quantities", "quantity", "quote",
        "schema", "shows_tax",
    ]  # fmt: skip
    assert kept["schema"] == 1
    assert kept["moment"] == datetime(2026, 11, 20, tzinfo=UTC).isoformat()
    assert kept["quote"]["unit"] == {"amount": "8.5000", "currency": "GBP", "tax_rate": "0.2", "includes_tax": False}
    assert kept["quote"]["tier"] == {
        "id": 17, "version": 3, "target": "product", "target_id": 5, "min_quantity": 10, "kind": "percent",
        "value": "15", "floor": "1",
    }  # fmt: skip
    assert (kept["quote"]["terms"]["id"], kept["quote"]["terms"]["revision"], kept["quote"]["net"]) == (1, 1, "12.5")
    assert kept["quote"]["base"]["tier"]["id"] == 4
    assert kept["before_offers"] == {"net": "85.00", "gross": "102.00", "currency": "GBP"}
    assert kept["line"] == {"net": "80.00", "gross": "96.00", "currency": "GBP"}
    assert kept["quantities"] == {"minimum": 6, "multiple": 2, "rule_id": 8}


@pytest.mark.parametrize("stored", [{}, {"schema": 2}, {"schema": 1}, {**a_receipt().as_json(), "moment": "soon"}])
def test_what_is_no_receipt_is_not_read(stored):
    with pytest.raises(ValueError):  # noqa: PT011 - that is its contract
        Receipt.from_json(stored)


def test_a_receipt_explains_itself_in_sentences_that_name_their_rows():
    said = [(reason.title, reason.text, reason.source) for reason in explain(a_receipt())]

    assert said == [
        ("Price list", "List 2, for everybody in all stores", "list list-2, revision 1"),
        ("Tier", "From 1 on: £10.00 each, without tax (of the category)", "tier 4, version 1"),
        ("Price list", "List 1, for a company's contract", "list list-1, revision 1"),
        ("Tier", "From 10 on, 15 % off: £8.50 each, without tax", "tier 17, version 3"),
        ("Counted", "12 pieces, with all variants of the product", ""),
        ("Quantities", "Sold from 6 pieces on, in packs of 2.", "rule 8"),
        ("Offer", "Autumn sale: −£5.00", "offer 9"),
        ("Tax", "20 % of the line's amount without tax, added to it.", ""),
        ("Rounding", "10 × £8.50 = £85.00, rounded once, half up.", ""),
    ]


def test_pieces_are_said_to_count_only_where_they_do():
    counted = Counted(own=10, family=90)
    lists = {"alone": terms(1, mix_and_match=False), "together": terms(1, mix_and_match=True)}
    rung = Tier(5, 1, TierTarget.PRODUCT, 5, 10, TierKind.FIXED, D(8), None)

    def said(**known: object) -> list[str]:
        found = context(**known)
        asked = Goods(3, D(10), {1: ((rung,),)})
        receipt = receipt_of(quote(asked, counted, found), 10, counted, found)
        return [reason.text for reason in explain(receipt) if reason.title == "Counted"]

    assert said(lists=(lists["together"],)) == ["90 pieces, with all variants of the product"]
    assert said(lists=(lists["alone"],)) == said(lists=()) == []


def test_a_receipt_names_its_rows_in_the_readers_language():
    with translation.override("de"):
        sources = [reason.source for reason in explain(a_receipt()) if reason.source]

    assert sources == [
        "Liste list-2, Revision 1",
        "Staffel 4, Version 1",
        "Liste list-1, Revision 1",
        "Staffel 17, Version 3",
        "Regel 8",
        "Angebot 9",
    ]

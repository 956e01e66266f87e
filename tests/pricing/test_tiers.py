from decimal import Decimal

import pytest

from shop.pricing.levels import Level, TierKind, TierTarget
from shop.pricing.pricing import price_line
from shop.pricing.quantities import QuantityTerms
from shop.pricing.tiers import Counted, Goods, Ladder, Tier, next_saving, price_steps, quote
from shop.stores.models import TaxDisplay
from tests.pricing.contexts import context, terms

D = Decimal


def fixed(min_quantity: int, value: str, id: int = 0) -> Tier:
    return Tier(id or min_quantity, 1, TierTarget.PRODUCT, 5, min_quantity, TierKind.FIXED, D(value))


def off(kind: TierKind, value: str, *, floor: str | None = None) -> Tier:
    return Tier(9, 1, TierTarget.PRODUCT, 5, 1, kind, D(value), D(floor) if floor else None)


def goods(ladders: dict[int, tuple[Ladder, ...]], *, net: str | None = "10", **fields: object) -> Goods:
    return Goods(record_id=3, net=net and D(net), ladders=ladders, **fields)


TRADE = context(tax_display=TaxDisplay.EXCLUSIVE, lists=(terms(1),))
LADDER = (fixed(1, "9"), fixed(10, "8"), fixed(100, "7.1234"))


@pytest.mark.parametrize(("quantity", "price"), [(1, "9"), (9, "9"), (10, "8"), (99, "8"), (100, "7.1234")])
def test_the_tier_of_the_largest_quantity_that_is_reached_says_the_price(quantity, price):
    assert quote(goods({1: (LADDER,)}), Counted(quantity), TRADE).unit.amount == D(price)


def test_a_list_that_says_nothing_of_so_few_leaves_it_to_the_next_and_the_last_is_the_stock_record():
    buyer = context(tax_display=TaxDisplay.EXCLUSIVE, lists=(terms(1, level=Level.CONTRACT), terms(2)))
    known = goods({1: ((fixed(100, "6"),),), 2: ((fixed(10, "5"),),)})

    said = [quote(known, Counted(n), buyer) for n in (1, 10, 100)]

    assert [(q.unit.amount, q.terms and q.terms.id) for q in said] == [(D("10"), None), (D("5"), 2), (D("6"), 1)]


def test_of_a_list_the_nearest_target_comes_first_where_it_reaches_the_quantity():
    known = goods({1: ((fixed(10, "5"),), (fixed(1, "8"), fixed(10, "2")))})

    assert [quote(known, Counted(n), TRADE).unit.amount for n in (1, 10)] == [D("8"), D("5")]


def test_variants_count_together_where_the_list_says_so():
    mixed = context(tax_display=TaxDisplay.EXCLUSIVE, lists=(terms(1, mix_and_match=True),))

    assert quote(goods({1: (LADDER,)}), Counted(4, 12), mixed).unit.amount == D("8")
    assert quote(goods({1: (LADDER,)}), Counted(4, 12), TRADE).unit.amount == D("9")


@pytest.mark.parametrize(
    ("tier", "price"),
    [
        (off(TierKind.PERCENT, "15"), "8.5"),
        (off(TierKind.AMOUNT, "1.25"), "8.75"),
        (off(TierKind.PERCENT, "50", floor="6"), "6"),
        (off(TierKind.AMOUNT, "11"), "0"),
        (off(TierKind.PERCENT, "33.3333"), "6.6667"),
    ],
)
def test_what_is_taken_off_is_taken_off_the_stock_records_price_and_leads_no_lower_than_the_floor(tier, price):
    assert quote(goods({1: ((tier,),)}), Counted(1), TRADE).unit.amount == D(price)


def test_what_is_taken_off_a_base_list_is_taken_off_its_tier_for_the_same_quantity():
    leaning = context(tax_display=TaxDisplay.EXCLUSIVE, lists=(terms(1, base=terms(2)),))
    known = goods({1: ((off(TierKind.PERCENT, "10"),),), 2: (LADDER,)})

    said = quote(known, Counted(10), leaning)

    assert (said.unit.amount, said.base.tier.min_quantity) == (D("7.2"), 10)


def test_nothing_can_be_taken_off_where_there_is_nothing_to_take_it_off():
    assert quote(goods({1: ((off(TierKind.PERCENT, "10"),),)}, net=None), Counted(1), TRADE) is None
    assert quote(goods({}, net=None), Counted(1), TRADE) is None


@pytest.mark.parametrize("display", TaxDisplay)
def test_a_list_is_reckoned_on_its_own_side_of_the_tax_whatever_the_store_shows(display):
    net = context(tax_display=display, lists=(terms(1, includes_tax=False),))
    gross = context(tax_display=display, lists=(terms(1, includes_tax=True),))
    known = goods({1: ((fixed(1, "6.1234"),),)})

    of_net, of_gross = (price_line(quote(known, Counted(50), each).unit, 50) for each in (net, gross))

    assert (of_net.net, of_net.tax, of_net.gross) == (D("306.17"), D("61.23"), D("367.40"))
    assert (of_gross.gross, of_gross.net, of_gross.tax) == (D("306.17"), D("255.14"), D("51.03"))


def test_what_is_taken_off_a_price_on_the_other_side_is_taken_off_it_with_its_tax():
    gross = context(lists=(terms(1, includes_tax=True),))
    known = goods({1: ((off(TierKind.PERCENT, "10"),),)}, net="8.325")

    assert quote(known, Counted(1), gross).unit.amount == D("8.991")  # of 9.99


def test_who_is_exempt_pays_a_price_without_the_tax_that_is_in_it():
    exempt = context(buyers_rate="0", lists=(terms(1, includes_tax=True),))

    said = quote(goods({1: ((fixed(1, "12"),),)}), Counted(1), exempt)

    assert (said.unit.amount, said.unit.includes_tax) == (D("10"), False)
    assert price_line(said.unit, 3).net == price_line(said.unit, 3).gross == D("30.00")
    assert quote(goods({}, net="8.325"), Counted(1), exempt).unit.amount == D("8.325")


def test_the_table_has_the_quantities_at_which_the_price_changes():
    known = goods({1: ((fixed(5, "10"), *LADDER[1:]),)})

    assert [(s.min_quantity, s.quote.unit.amount) for s in price_steps(known, TRADE)] == [
        (1, D("10")),
        (10, D("8")),
        (100, D("7.1234")),
    ]


def test_the_table_starts_where_the_product_starts_to_be_sold():
    known = goods({1: (LADDER,)}, quantities=QuantityTerms(minimum=20, multiple=6))

    assert [step.min_quantity for step in price_steps(known, TRADE)] == [24, 100]


def test_the_next_saving_is_the_fewest_pieces_more_that_can_be_bought():
    packs = QuantityTerms(multiple=6)

    assert next_saving(goods({1: (LADDER,)}), Counted(6), TRADE).more == 4
    assert next_saving(goods({1: (LADDER,)}, quantities=packs), Counted(6), TRADE).more == 6
    assert next_saving(goods({1: (LADDER,)}), Counted(100), TRADE) is None


def test_the_next_saving_counts_the_other_variants_where_the_list_does():
    mixed = context(tax_display=TaxDisplay.EXCLUSIVE, lists=(terms(1, mix_and_match=True),))

    saving = next_saving(goods({1: (LADDER,)}), Counted(2, 8), mixed)

    assert (saving.more, saving.quote.unit.amount) == (2, D("8"))

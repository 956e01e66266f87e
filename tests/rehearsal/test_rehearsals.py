"""What orders would have come to under a draft: figures that were worked out by hand."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shop.audit.models import AuditEntry
from shop.catalogue.models import Category
from shop.costs.actions import Parts, note_cost
from shop.listings.actions import list_products
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.pricing.actions import change_terms, copy_price_list, publish_changes, set_quantity_rule
from shop.pricing.changes import DropTier, SetTier, Target
from shop.pricing.levels import Level, TierKind
from shop.pricing.models import PriceList
from shop.rehearsal.actions import KEPT, ask_rehearsal
from shop.rehearsal.actions import rehearse as run_again
from shop.rehearsal.errors import RehearsalRefused
from shop.rehearsal.models import Kind, Refusal, Rehearsal, RehearsedLine, Result, State
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product
from tests.offer.offers import a_range, an_offer
from tests.pricing.trade import a_company, a_group, a_list, set_prices
from tests.queries import counted_queries
from tests.trade import open_for_trade

from .conftest import in_plenty, ordered

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


def a_draft(code: str = "draft", **fields: object) -> PriceList:
    return a_list(code, is_published=False, **fields)


def another_store() -> Store:
    return open_store(NewStore(name="Other", slug="other", host="other.example"))


def tomorrow():
    return timezone.now() + timedelta(days=1)


def lines(rehearsal: Rehearsal) -> list[tuple]:
    rows = rehearsal.lines.order_by("pk")
    return [(row.label, row.quantity, row.net_before, row.net_after, row.refusal) for row in rows]


def total(rehearsal: Rehearsal) -> Result:
    return rehearsal.results.get(kind=Kind.TOTAL)


# Figures


def test_revenue_and_margin_before_and_after_of_all_of_companies_and_of_products(store, cup, bowl, rehearse):
    note_cost(cup.stockrecords.get(), Parts(D("6"), D("0.5")), currency="GBP", by=None)
    cafe, school = a_company("CAFE"), a_company("SCHOOL")
    ordered(store, (cup, 10), (bowl, 1), company=cafe)
    ordered(store, (cup, 3), company=school)
    ordered(store, (bowl, 2))
    draft = a_draft()
    set_prices(draft, cup, "1:9.50", "10:8")

    rehearsal = rehearse(draft)

    # cups: 10 at 10 become 10 at 8, 3 at 10 become 3 at 9.50; bowls stay at 20. A cup has cost 6.50.
    assert (rehearsal.state, rehearsal.orders, rehearsal.orders_done) == (State.DONE, 3, 3)
    everything = total(rehearsal)
    assert (everything.lines, everything.pieces, everything.changed, everything.refused) == (4, 16, 2, 0)
    assert (everything.net_before, everything.net_after) == (D("190.00"), D("168.50"))
    assert (everything.costed_before, everything.costed_after, everything.cost) == (D("130"), D("108.50"), D("84.50"))
    assert (everything.margin_before, everything.margin_after) == (D("45.50"), D("24.00"))
    by_company = {row.code: (row.net_before, row.net_after) for row in rehearsal.results.filter(kind=Kind.COMPANY)}
    assert by_company == {
        "CAFE": (D("120.00"), D("100.00")),
        "SCHOOL": (D("30.00"), D("28.50")),
        "": (D("40.00"), D("40.00")),
    }
    by_product = {row.label: (row.net_before, row.net_after) for row in rehearsal.results.filter(kind=Kind.PRODUCT)}
    assert by_product == {"Cup": (D("130.00"), D("108.50")), "Bowl": (D("60.00"), D("60.00"))}
    assert [(row.unit_before, row.unit_after) for row in rehearsal.lines.filter(product=cup)] == [
        (D("10.0000"), D("8.0000")),
        (D("10.0000"), D("9.5000")),
    ]


def test_what_was_charged_stays_where_a_list_that_comes_first_says_the_price(store, cup, rehearse):
    company = a_company(group=a_group())
    set_prices(a_list("contract", company=company, level=Level.CONTRACT), cup, "5:7")
    ordered(store, (cup, 5), company=company)
    ordered(store, (cup, 4), company=company)
    draft = a_draft(group=company.group)
    set_prices(draft, cup, "1:9")

    assert lines(rehearse(draft)) == [("Cup", 5, D("35.00"), D("35.00"), ""), ("Cup", 4, D("40.00"), D("36.00"), "")]


def test_only_orders_count_of_those_whom_the_list_is_for(store, cup, rehearse):
    company, other = a_company("K-1"), a_company("K-2")
    ordered(store, (cup, 1), company=company)
    ordered(store, (cup, 2), company=other)
    ordered(store, (cup, 3))
    draft = a_draft(company=company)
    set_prices(draft, cup, "1:9")

    assert lines(rehearse(draft)) == [("Cup", 1, D("10.00"), D("9.00"), "")]


def test_the_other_lists_are_those_of_the_moment_of_the_order(store, cup, rehearse):
    sale = a_list("sale", store=store)
    set_prices(sale, cup, "1:7")
    ordered(store, (cup, 1))
    change_terms(sale, by=None, ends_at=timezone.now())
    ordered(store, (cup, 2))
    draft = a_draft()
    set_prices(draft, cup, "1:8")

    assert lines(rehearse(draft)) == [("Cup", 1, D("7.00"), D("7.00"), ""), ("Cup", 2, D("20.00"), D("16.00"), "")]


def test_the_other_lists_prices_are_those_of_the_moment_of_the_order(store, cup, rehearse):
    sale = a_list("sale", store=store)
    set_prices(sale, cup, "5:7")
    ordered(store, (cup, 5))
    publish_changes(sale, [DropTier(Target(product_id=cup.pk), 5)], by=None)
    draft = a_draft()
    set_prices(draft, cup, "1:8")

    assert lines(rehearse(draft)) == [("Cup", 5, D("35.00"), D("35.00"), "")]


def test_a_pending_change_is_rehearsed_as_it_will_be(store, cup, bowl, rehearse):
    trade = a_list("trade")
    set_prices(trade, cup, "1:9")
    set_prices(trade, bowl, "1:18")
    ordered(store, (cup, 2), (bowl, 1))
    soon = timezone.now() + timedelta(days=7)
    changes = [SetTier(Target(product_id=cup.pk), D("9.90")), DropTier(Target(product_id=bowl.pk))]
    publish_changes(trade, changes, by=None, takes_effect_at=soon)

    rehearsal = rehearse(trade)

    assert rehearsal.as_of == soon
    assert lines(rehearsal) == [("Cup", 2, D("18.00"), D("19.80"), ""), ("Bowl", 1, D("18.00"), D("20.00"), "")]


def test_a_base_list_is_rehearsed_through_the_lists_that_lean_on_it(store, cup, rehearse):
    company = a_company()
    base = a_list("base", store=another_store())
    set_prices(base, cup, "1:10")
    set_prices(a_list("agreed", company=company, base=base), cup, "1:10", kind=TierKind.PERCENT)
    ordered(store, (cup, 2), company=company)
    publish_changes(base, [SetTier(Target(product_id=cup.pk), D("12"))], by=None, takes_effect_at=tomorrow())

    assert lines(rehearse(base)) == [("Cup", 2, D("18.00"), D("21.60"), "")]


def test_variants_count_together_where_the_draft_says_so(store, rehearse):
    shirt = a_parent("Shirt", store, variants={"S": "20", "L": "20"})
    small, large = (in_plenty(variant) for variant in shirt.children.order_by("pk"))
    ordered(store, (small, 4), (large, 6))
    draft = a_draft(mix_and_match=True)
    set_prices(draft, shirt, "1:20", "10:15")

    assert [line[2:4] for line in lines(rehearse(draft))] == [(D("80.00"), D("60.00")), (D("120.00"), D("90.00"))]


def test_a_category_of_the_draft_prices_what_is_below_it(store, cup, rehearse):
    china = Category.add_root(name="China")
    china.add_child(name="Cups").product_set.add(cup)
    ordered(store, (cup, 2))
    draft = a_draft()
    publish_changes(draft, [SetTier(Target(category_id=china.pk), D("25"), kind=TierKind.PERCENT)], by=None)

    assert lines(rehearse(draft)) == [("Cup", 2, D("20.00"), D("15.00"), "")]


def test_offers_keep_what_they_took_off(store, cup, rehearse):
    an_offer(of=a_range(includes_all_products=True))  # ten per cent
    ordered(store, (cup, 3))
    draft = a_draft(allows_offers=False)
    set_prices(draft, cup, "1:9")

    assert lines(rehearse(draft)) == [("Cup", 3, D("27.00"), D("24.00"), "")]


def test_a_list_with_tax_is_compared_without_it(store, cup, rehearse):
    ordered(store, (cup, 2))
    draft = a_draft(includes_tax=True)
    set_prices(draft, cup, "1:10.80")

    rehearsal = rehearse(draft)

    assert lines(rehearsal) == [("Cup", 2, D("20.00"), D("18.00"), "")]
    assert rehearsal.lines.get().unit_after == D("9.0000")


def test_a_copy_of_what_priced_the_orders_changes_nothing(store, cup, bowl, rehearse):
    company = a_company(is_tax_exempt=True)
    trade = a_list("trade", includes_tax=True, mix_and_match=True)
    set_prices(trade, cup, "1:9.9999", "7:8.1234", "20:5")
    set_prices(trade, bowl, "1:3.3333", "5:10", kind=TierKind.PERCENT)
    set_quantity_rule(bowl, minimum=2, multiple=2, by=None, price_list=trade)
    for quantity in (1, 6, 7, 19, 20, 33):
        ordered(store, (cup, quantity), (bowl, 2 * quantity))
        ordered(store, (cup, quantity), company=company)
    copy = copy_price_list(trade, name="Copy", code="copy", by=None)

    for rehearsed in (copy, trade):
        everything = total(rehearse(rehearsed))
        assert (everything.lines, everything.changed, everything.refused) == (18, 0, 0)
        assert everything.difference == 0


# What would be refused


def test_quantities_that_the_draft_does_not_sell_are_counted_apart(store, cup, bowl, rehearse):
    ordered(store, (cup, 12), (bowl, 1))
    ordered(store, (cup, 5))
    draft = a_draft()
    set_prices(draft, cup, "1:9")
    set_quantity_rule(cup, minimum=6, multiple=6, by=None, price_list=draft)

    rehearsal = rehearse(draft)

    assert [(line[1], line[4]) for line in lines(rehearsal)] == [(12, ""), (1, ""), (5, Refusal.QUANTITY)]
    everything = total(rehearsal)
    assert (everything.refused, everything.refused_net) == (1, D("50.00"))
    assert (everything.net_before, everything.net_after) == (D("140.00"), D("128.00"))


def test_a_rule_of_another_list_is_no_fault_of_the_draft(store, cup, rehearse):
    ordered(store, (cup, 5))
    set_quantity_rule(cup, minimum=6, multiple=6, by=None)
    draft = a_draft()
    set_prices(draft, cup, "1:9")

    assert lines(rehearse(draft)) == [("Cup", 5, D("50.00"), D("45.00"), "")]


def test_what_has_no_price_any_more_would_not_be_sold(store, rehearse):
    ewer = in_plenty(a_product("Ewer", store, price="1"))
    ewer.stockrecords.update(price=None)
    trade = a_list("trade")
    set_prices(trade, ewer, "1:30")
    ordered(store, (ewer, 2))
    publish_changes(trade, [DropTier(Target(product_id=ewer.pk))], by=None, takes_effect_at=tomorrow())

    rehearsal = rehearse(trade)

    assert lines(rehearsal) == [("Ewer", 2, D("60.00"), D("60.00"), Refusal.NO_PRICE)]
    assert rehearsal.lines.get().unit_after is None


def test_orders_that_are_worth_too_little_for_the_draft_would_be_refused(store, cup, rehearse):
    ordered(store, (cup, 5))
    ordered(store, (cup, 6))
    draft = a_draft(minimum_order_value=D("50"))
    set_prices(draft, cup, "1:9")

    # five cups would come to 45, six to 54
    assert lines(rehearse(draft)) == [
        ("Cup", 5, D("50.00"), D("45.00"), Refusal.ORDER),
        ("Cup", 6, D("60.00"), D("54.00"), ""),
    ]


# What is looked at


def test_cancelled_orders_and_lines_without_a_receipt_are_left_out(store, cup, bowl, rehearse):
    older = ordered(store, (cup, 1), (bowl, 1))
    older.lines.filter(product=bowl).update(receipt=None)
    Order.objects.filter(pk=ordered(store, (cup, 9)).pk).update(status=OrderStatus.CANCELLED)
    draft = a_draft()
    set_prices(draft, cup, "1:9")

    rehearsal = rehearse(draft)

    assert lines(rehearsal) == [("Cup", 1, D("10.00"), D("9.00"), "")]
    assert rehearsal.left_out == 1


def test_only_the_days_and_the_store_that_were_asked_for(store, cup, rehearse):
    other = open_for_trade(another_store())
    list_products(other, [cup])
    ordered(store, (cup, 1))
    ordered(other, (cup, 2))
    Order.objects.filter(pk=ordered(store, (cup, 3)).pk).update(date_placed=timezone.now() - timedelta(days=8))
    draft = a_draft()
    set_prices(draft, cup, "1:9")

    assert [line[1] for line in lines(rehearse(draft, days=7))] == [1, 2]
    assert [line[1] for line in lines(rehearse(draft, days=9, store=store))] == [1, 3]


# Running


def test_more_orders_ask_as_often(store, cup, bowl, rehearse):
    draft = a_draft()
    set_prices(draft, cup, "1:9")

    def asked() -> int:
        with counted_queries() as queries:
            rehearse(draft)
        return len(queries)

    for quantity in (1, 2):
        ordered(store, (cup, quantity), company=a_company(f"K-{quantity}"))
    asked()
    few = asked()
    for quantity in (3, 4, 5, 6):
        ordered(store, (cup, quantity), (bowl, 1), company=a_company(f"K-{quantity}"))

    assert asked() == few


def test_a_run_that_is_given_twice_leaves_one_result(store, cup, rehearse):
    ordered(store, (cup, 1))
    draft = a_draft()
    set_prices(draft, cup, "1:9")
    rehearsal = rehearse(draft)

    run_again(rehearsal.pk)  # done already
    Rehearsal.objects.update(state=State.RUNNING)
    run_again(rehearsal.pk)  # its worker was killed

    assert lines(rehearsal) == [("Cup", 1, D("10.00"), D("9.00"), "")]
    assert rehearsal.results.count() == 3


def test_what_breaks_says_so_and_leaves_nothing_half_done(store, cup, rehearse, caplog):
    order = ordered(store, (cup, 1))
    order.lines.update(receipt={"schema": 99})
    draft = a_draft()
    set_prices(draft, cup, "1:9")

    assert rehearse(draft).state == State.FAILED

    assert not RehearsedLine.objects.exists()
    assert "broke off" in caplog.text
    order.lines.update(receipt=None)
    assert rehearse(draft).state == State.DONE  # it may be asked for again at once


def test_nothing_is_published_and_no_order_is_touched(store, cup, rehearse):
    order = ordered(store, (cup, 1))
    draft = a_draft()
    set_prices(draft, cup, "1:9")
    before = (order.lines.values().get(), PriceList.objects.values().get())

    rehearse(draft)

    assert (order.lines.values().get(), PriceList.objects.values().get()) == before
    assert AuditEntry.objects.get(action="pricing.rehearsed").details == {"days": 90, "revision": 1}


def test_old_rehearsals_of_a_list_go(store, cup, rehearse):
    ordered(store, (cup, 1))
    draft = a_draft()
    set_prices(draft, cup, "1:9")

    for _ in range(KEPT + 2):
        rehearse(draft)

    assert draft.rehearsals.count() == KEPT


# What cannot be rehearsed


def refusal(price_list: PriceList, **fields: object) -> str:
    with pytest.raises(RehearsalRefused) as refused:
        ask_rehearsal(price_list, **({"by": None, "days": 30} | fields))
    return str(refused.value)


def test_what_cannot_be_is_refused_with_a_sentence(store, cup):
    nothing_ordered = "Nothing was ordered in these days by those whom the list is for."
    draft = a_draft()
    assert refusal(draft) == "The list has no prices yet."
    set_prices(draft, cup, "1:9")
    assert refusal(draft) == nothing_ordered
    assert refusal(draft, days=366) == refusal(draft, days=0) == "Choose from 1 to 365 days."

    ordered(store, (cup, 1))

    euros = a_draft("euros", currency="EUR")
    set_prices(euros, cup, "1:9")
    assert refusal(euros) == "The list is in EUR, and what was ordered in these days in GBP."
    theirs = a_draft("theirs", company=a_company())
    set_prices(theirs, cup, "1:9")
    assert refusal(theirs) == nothing_ordered
    assert not Rehearsal.objects.exists()


def test_of_two_at_once_the_second_is_refused(store, cup):
    ordered(store, (cup, 1))
    draft = a_draft()
    set_prices(draft, cup, "1:9")
    ask_rehearsal(draft, by=None, days=30)

    assert refusal(draft) == "A rehearsal of this list is under way."
    Rehearsal.objects.update(moved_at=timezone.now() - timedelta(minutes=11))  # its worker is gone
    ask_rehearsal(draft, by=None, days=30)


# The stranger


def test_a_stranger_of_another_merchant_rehearses_nothing(store, cup, rehearse, lumen):
    ordered(store, (cup, 1))
    draft = a_draft()
    set_prices(draft, cup, "1:9")
    rehearsal = rehearse(draft)

    with merchant_scope(lumen.pk):
        with pytest.raises(PriceList.DoesNotExist):
            ask_rehearsal(draft, by=None, days=30)
        run_again(rehearsal.pk)
        assert not RehearsedLine.objects.exists()
        theirs = a_draft("theirs")
        change_terms(theirs, by=None, minimum_order_value=D("1"))
        assert refusal(theirs) == "Nothing was ordered in these days by those whom the list is for."
    assert rehearsal.lines.count() == 1

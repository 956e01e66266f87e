from datetime import timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from shop.checkout.actions import place_order
from shop.order.models import Line, Order
from shop.partner.strategy import Selector
from shop.pricing.context import from_company
from shop.pricing.levels import Level, TierKind
from shop.pricing.replays import Replay, replay_orders
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.api.machine import V1
from tests.checkout.shopper import Shopper
from tests.goods import a_product
from tests.offer.offers import a_range, an_offer
from tests.pricing.trade import a_buyer_of, a_company, a_list, order_for, set_prices
from tests.queries import counted_queries
from tests.trade import a_basket, a_purchase, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


@pytest.fixture
def store(aurora_store) -> Store:
    aurora_store.tax_rate = D("0.2")
    aurora_store.save()
    return open_for_trade(aurora_store)


def an_order(store: Store, *, lines: int = 2, company=None, **fields: object) -> Order:
    products = [a_product(f"Cup {n}", store, price="8.325") for n in range(lines)]
    basket = a_basket(store, *((product, 3) for product in products))
    company = company or a_company(f"C-{Order.objects.count() + 1}")
    trade = a_list(f"l-{company.code.lower()}", company=company, level=Level.CONTRACT, **fields)
    for product in products[::2]:
        set_prices(trade, product, "1:12.5", "3:17.25", kind=TierKind.PERCENT)
    basket.strategy = Selector().strategy(context=from_company(company, store=store))
    return place_order(basket, a_purchase(store))


def replayed(**options: object) -> tuple[list[str], Replay]:
    total = Replay()
    return [str(each) for each in replay_orders(into=total, **options)], total


@pytest.mark.parametrize("includes_tax", [True, False])
@pytest.mark.parametrize("display", ["incl", "excl"])
@pytest.mark.parametrize("is_exempt", [True, False])
def test_orders_replay_to_the_penny(store, display, includes_tax, is_exempt):
    store.tax_display = display
    store.save()
    an_offer(percent=7, of=a_range(includes_all_products=True))
    an_order(store, lines=4, company=a_company(is_tax_exempt=is_exempt), includes_tax=includes_tax)

    differences, total = replayed()

    assert (differences, total.orders, total.lines, total.without) == ([], 1, 4, 0)


def test_orders_replay_although_the_lists_have_changed(store):
    order = an_order(store)
    trade = order.lines.first().kept_receipt.quote.terms
    set_prices(a_list("other"), order.lines.first().product, "1:0.50")
    order.lines.first().product.stockrecords.update(price=D("99"))

    assert trade.code == "l-c-1"
    assert replayed()[0] == []


def test_every_figure_that_differs_is_reported(store):
    order = an_order(store)
    line = order.lines.order_by("pk").first()
    Line.objects.filter(pk=line.pk).update(line_price_incl_tax=line.line_price_incl_tax + D("0.01"))

    differences, total = replayed()

    where, was = f"order {order.number}, line {line.pk}", line.line_price_incl_tax
    total_was = order.total_incl_tax
    assert differences == [
        f"{where}: the price with tax is {was + D('0.01')}, its receipt says {was}",
        f"order {order.number}: the total is {total_was}, its receipt says {total_was + D('0.01')}",
    ]
    assert total.differences == 2


def test_a_receipt_that_was_tampered_with_is_reported(store):
    line = an_order(store, lines=1).lines.get()
    kept = line.receipt
    kept["quote"]["tier"]["value"] = "50"
    Line.objects.filter(pk=line.pk).update(receipt=kept)

    figures = {each.split(": ")[1].split(" is ")[0] for each in replayed()[0]}

    assert {"the unit price", "the price with tax", "the receipt itself", "the tier"} <= figures


def test_the_command_says_how_many_and_fails_where_one_differs(store, aurora):
    an_order(store)
    out = StringIO()
    call_command("replay_prices", stdout=out)
    assert "2 lines of 1 orders replayed, 0 more have no receipt: 0 differences." in out.getvalue()

    Line.objects.filter(receipt__isnull=False).update(quantity=2)
    with pytest.raises(CommandError, match="not what their receipts say"):
        call_command("replay_prices", "--merchant=aurora", stdout=out)
    assert "the quantity is 2, its receipt says 3" in out.getvalue()
    with pytest.raises(CommandError, match="No merchant"):
        call_command("replay_prices", "--merchant=nobody")


def test_only_orders_since_a_moment_are_replayed(store):
    an_order(store)
    assert replayed(since=timezone.now() + timedelta(days=1))[1].orders == 0


def test_lines_without_a_receipt_are_counted_and_no_difference(store):
    an_order(store)
    Line.objects.update(receipt=None)

    differences, total = replayed()

    assert (differences, total.lines, total.without) == ([], 0, 2)


def test_replaying_takes_as_many_queries_for_many_orders_as_for_few(store):
    counts = []
    for number in (1, 3):
        for _ in range(number):
            an_order(store)
        with counted_queries() as queries:
            replayed()
        counts.append(len(queries))

    assert counts[0] == counts[1], str(queries)


def test_why_a_price_is_what_it_is_stands_on_the_product_the_line_and_the_order_and_in_the_api(store):
    company, cup = a_company(), a_product("Cup", store, price="10")
    set_prices(a_list("contract", name="Agreement 7", company=company, level=Level.CONTRACT), cup, "1:7", "5:6")
    shopper = Shopper(store, signed_in_as=a_buyer_of(company))

    page = shopper.client.get(cup.get_absolute_url()).content.decode()
    assert "Why this price?" in page
    assert "Agreement 7" in page
    assert "Prices by quantity" in page
    shopper.add(cup, 2)
    page = shopper.get("basket:summary").content.decode()
    assert "Agreement 7" in page
    assert "Add 3 more and pay £7.20 each." in page
    line = shopper.client.get(f"{V1}basket/").json()["lines"][0]
    assert line["receipt"]["facts"]["quote"]["terms"]["code"] == "contract"
    detail = shopper.client.get(f"{V1}products/{cup.pk}/").json()
    assert [step["quantity"] for step in detail["price_steps"]] == [1, 5]
    assert detail["receipt"]["reasons"][0]["title"] == "Price list"
    order_for(company, shopper)
    order = Order.objects.get()
    assert "Agreement 7" in shopper.get("checkout:thank-you").content.decode()
    placed = shopper.client.get(f"{V1}orders/{order.number}/").json()["lines"][0]
    assert placed["receipt"]["facts"] == order.lines.get().receipt
    assert replayed()[0] == []


# The stranger


def test_another_merchants_orders_are_not_replayed(store, lumen):
    an_order(store)
    with merchant_scope(lumen.pk):
        assert replayed()[1].orders == 0

from decimal import Decimal

import pytest

from shop.basket.models import Basket
from shop.offer.models import Benefit
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.basket.shopping import a_shopper, put_in
from tests.goods import a_product
from tests.offer.offers import a_range, an_offer
from tests.queries import counted_queries

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def shopper(aurora_store):
    return a_shopper()


def test_a_discount_is_taken_from_the_side_that_the_store_shows(shopper, aurora_store):
    Store.objects.update(tax_rate=Decimal("0.2"))
    an_offer(of=a_range(includes_all_products=True))

    put_in(shopper, a_product("Cup", aurora_store, price="8.325"), 3)

    basket = shopper.get("/basket/").context_data["basket"]
    assert (basket.total_incl_tax_excl_discounts, basket.total_incl_tax) == (Decimal("29.97"), Decimal("26.97"))
    assert basket.total_excl_tax == Decimal("22.48")
    assert basket.total_discount == Decimal("3.00")


def test_a_store_without_tax_takes_it_from_the_net(shopper, aurora_store):
    Store.objects.update(tax_rate=Decimal("0.2"), tax_display="excl")
    an_offer(of=a_range(includes_all_products=True))

    put_in(shopper, a_product("Cup", aurora_store, price="10"), 2)

    basket = shopper.get("/basket/").context_data["basket"]
    assert (basket.total_excl_tax, basket.total_incl_tax) == (Decimal("18.00"), Decimal("21.60"))


def test_what_an_offer_says_it_saves_is_what_the_lines_are_reduced_by(shopper, aurora_store):
    offer = an_offer(percent=5, of=a_range(includes_all_products=True))

    for n in range(3):
        put_in(shopper, a_product(f"Cup {n}", aurora_store, price="6.66"))

    basket = shopper.get("/basket/").context_data["basket"]
    assert [(each["offer"], each["discount"]) for each in basket.offer_discounts] == [(offer, Decimal("0.99"))]
    assert basket.total_incl_tax == Decimal("18.99")


def test_the_parts_of_a_line_say_what_a_piece_of_each_costs(shopper, aurora_store):
    Store.objects.update(tax_rate=Decimal("0.2"))
    offer = an_offer(of=a_range(includes_all_products=True))
    Benefit.objects.update(max_affected_items=2)
    offer.max_basket_applications = 1
    offer.save()

    put_in(shopper, a_product("Cup", aurora_store, price="10"), 3)

    [line] = shopper.get("/basket/").context_data["basket"].all_lines()
    assert line.get_price_breakdown() == [
        (Decimal("10.8000"), Decimal("9.0000"), 2),
        (Decimal("12.00"), Decimal("10.00"), 1),
    ]


def test_offers_for_some_products_cost_no_query_for_each_line(shopper, aurora_store):
    cups = [a_product(f"Cup {n}", aurora_store) for n in range(8)]
    some = a_range()
    for cup in cups[::2]:
        some.add_product(cup)
    an_offer(of=some)

    counts = []
    for few in (cups[:4], cups[4:]):
        for cup in few:
            put_in(shopper, cup)
        shopper.get("/basket/")
        with counted_queries() as queries:
            assert shopper.get("/basket/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1], str(queries)
    assert len(Basket.objects.get().lines.all()) == 8


def test_pages_of_offers_and_ranges_show_what_the_store_sells(shopper, aurora_store):
    some = a_range()
    offer = an_offer(of=some)
    for product in (a_product("Listed", aurora_store), a_product("Unlisted")):
        some.add_product(product)

    for path in (f"/offers/{offer.slug}/", f"/catalogue/ranges/{some.slug}/"):
        text = shopper.get(path).content.decode()
        assert ">Listed</a>" in text
        assert "Unlisted" not in text


# The stranger


def test_another_merchants_offer_neither_counts_nor_shows(shopper, aurora_store, lumen):
    with merchant_scope(lumen.pk):
        theirs = an_offer(percent=50, of=a_range(includes_all_products=True))

    put_in(shopper, a_product("Cup", aurora_store, price="10"))

    assert shopper.get("/basket/").context_data["basket"].total_discount == 0
    assert shopper.get(f"/offers/{theirs.slug}/").status_code == 404

"""The order of what is found: the words first, then what can be had, then what is popular."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import F
from oscar.core.loading import get_model

from shop.catalogue.models import Category, Product
from shop.partner.models import StockRecord
from shop.search.criteria import Criteria
from shop.search.models import Entry, Interest
from shop.search.popularity import HALF_LIFE_DAYS, reckon
from shop.search.postgresql import find as search
from shop.search.postgresql.rebuilding import batches
from shop.search.postgresql.walks import step
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product, attribute
from tests.search.pages import find

pytestmark = [pytest.mark.django_db, pytest.mark.data]

ProductRecord = get_model("analytics", "ProductRecord")


def bought(product: Product, times: int, *, seen: int = 0) -> None:
    ProductRecord.objects.update_or_create(product=product, defaults={"num_purchases": times, "num_views": seen})


def sell_out(product: Product) -> None:
    StockRecord.objects.filter(product=product).update(num_in_stock=0)


def a_half_life_passes(times: int = 1) -> None:
    """Since the last reckoning."""
    Interest.objects.update(reckoned_at=F("reckoned_at") - timedelta(days=times * HALF_LIFE_DAYS))


def points() -> dict[str, float]:
    """To four digits: seconds pass as well."""
    known = Interest.objects.values_list("product__title", "points")
    return {title: pytest.approx(number, rel=1e-4) for title, number in known}


def popularity() -> dict[str, int]:
    return dict(Entry.objects.values_list("product__title", "popularity"))


def test_what_can_be_had_comes_before_what_is_sold_out(shopper, aurora_store):
    gone, _ = a_product("Blue cup", aurora_store), a_product("Cup in blue", aurora_store)
    assert find(shopper, "cup") == ["Blue cup", "Cup in blue"]

    sell_out(gone)

    assert find(shopper, "cup") == ["Cup in blue", "Blue cup"]


def test_of_what_fits_as_well_the_popular_comes_first(shopper, aurora_store):
    for title in ("Amber cup", "Blue cup", "Cyan cup"):
        a_product(title, aurora_store)
    bought(Product.objects.get(title="Cyan cup"), 500)
    bought(Product.objects.get(title="Blue cup"), 5)

    list(reckon())

    assert find(shopper, "cup") == ["Cyan cup", "Blue cup", "Amber cup"]


def test_what_can_be_had_comes_before_what_was_popular(shopper, aurora_store):
    a_product("Blue cup", aurora_store)
    favourite = a_product("Amber cup", aurora_store)
    bought(favourite, 10_000)
    sell_out(favourite)

    list(reckon())

    assert find(shopper, "cup") == ["Blue cup", "Amber cup"]


def test_words_count_more_than_stock_and_popularity(shopper, aurora_store):
    title, fact, category, text = (
        a_product(name, aurora_store, **fields)
        for name, fields in (("Amber", {}), ("Blue", {}), ("Cyan", {}), ("Dun", {"description": "amber"}))
    )
    attribute(fact, "colour", "amber")
    Category.add_root(name="Amber").product_set.add(category)
    for number, product in enumerate((title, fact, category, text)):
        bought(product, 10**number)
    sell_out(title)
    list(reckon())

    assert find(shopper, "amber") == ["Amber", "Blue", "Cyan", "Dun"]


def test_a_code_and_what_leads_a_search_stand_first_whatever_can_be_had(shopper, aurora_store):
    coded = a_product("Bowl", aurora_store, upc="cup")
    a_product("Cup", aurora_store)
    sell_out(coded)

    assert find(shopper, "cup") == ["Bowl", "Cup"]


def test_who_walks_is_not_disturbed_by_what_is_bought_meanwhile(aurora_store):
    goods = [a_product(f"Cup {letter}", aurora_store) for letter in "ABCD"]
    criteria = Criteria(aurora_store.pk, "en", words="cup", limit=2)
    first = step(criteria, behind=None)

    sell_out(goods[0])
    bought(goods[3], 1000)
    list(reckon())

    assert first.product_ids + step(criteria, behind=first.place).product_ids == [each.pk for each in goods]
    assert search(criteria).product_ids[0] == goods[3].pk


def test_popularity_goes_up_by_orders_of_magnitude_and_adds_up_variants(aurora_store):
    for name, times in (("Nothing", 0), ("Little", 1), ("More", 20), ("Most", 1000)):
        bought(a_product(name, aurora_store), times)
    shirt = a_parent("Shirt", aurora_store, variants={"Red": "9", "Blue": "8"})
    for variant in shirt.children.all():
        bought(variant, 500)

    assert list(reckon()) == [4]

    assert popularity() == {"Nothing": 0, "Little": 2, "More": 5, "Most": 10, "Shirt": 10}
    assert list(reckon()) == []


def test_one_view_in_a_new_shop_is_little(aurora_store):
    bought(a_product("Cup", aurora_store), 0, seen=1)

    list(reckon())

    assert popularity() == {"Cup": 2}


def test_what_was_bought_long_ago_counts_less_than_what_is_bought_now(aurora_store):
    old, new = (a_product(title, aurora_store) for title in ("Cup of old", "Cup"))
    bought(old, 1000)
    list(reckon())
    assert popularity() == {"Cup of old": 10, "Cup": 0}

    a_half_life_passes()
    bought(new, 1000)
    list(reckon())
    assert points() == {"Cup of old": 2500, "Cup": 5000}

    a_half_life_passes(times=9)
    bought(old, 1001)
    list(reckon())
    assert popularity() == {"Cup of old": 5, "Cup": 5}
    assert points() == {"Cup of old": 5 + 2500 / 2**9, "Cup": 5000 / 2**9}


def test_a_second_reckoning_of_the_same_day_changes_nothing(aurora_store):
    bought(a_product("Cup", aurora_store), 1000)
    list(reckon())

    assert list(reckon()) == []
    assert points() == {"Cup": 5000}


def test_rows_stay_right_when_a_product_changes_afterwards(aurora, aurora_store):
    cup = a_product("Cup", aurora_store)
    bought(cup, 1000)
    list(reckon())

    Product.objects.filter(pk=cup.pk).update(title="Mug")

    assert popularity() == {"Mug": 10}
    (batch,) = batches(aurora.pk, after=0, size=10, store_id=None, mends=False)
    assert batch.wrong == []


# The stranger


def test_another_merchants_best_seller_makes_nothing_here_less_popular(aurora_store, lumen):
    bought(a_product("Cup", aurora_store), 30)
    with merchant_scope(lumen.pk):
        bought(a_product("Lamp", Store.objects.get()), 10**6)

    out = StringIO()
    call_command("search_popularity", stdout=out, merchant="aurora")

    assert out.getvalue() == "aurora: 1 products have moved.\n"
    assert popularity() == {"Cup": 10}
    with merchant_scope(lumen.pk):
        assert (popularity(), points()) == ({"Lamp": 0}, {})

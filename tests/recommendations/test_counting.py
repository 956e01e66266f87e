"""What is counted of orders, and what is bought together because of it."""

import pytest
from django.core.management import call_command

from shop.checkout.actions import place_order
from shop.order.actions import move_order
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.outbox.draining import drain_all
from shop.recommendations import counting
from shop.recommendations.actions import follow_order, recompute
from shop.recommendations.models import CountedOrder, Neighbours, Pair
from shop.recommendations.queries import beside_basket, beside_product, most_bought
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product
from tests.queries import counted_queries
from tests.trade import a_basket, a_purchase, open_for_trade

from .conftest import bought

pytestmark = pytest.mark.django_db


def pairs() -> dict[tuple[int, int], int]:
    return {(pair.low_id, pair.high_id): pair.orders for pair in Pair.objects.all()}


def everything() -> list[tuple]:
    """All that is computed, without the keys of rows."""
    return [
        sorted(pairs().items()),
        sorted(CountedOrder.objects.values_list("order_id", "product_ids")),
        sorted(Neighbours.objects.values_list("store", "product", "kind", "other_ids", "scores")),
    ]


def test_pairs_of_an_order_are_counted_once_however_often_it_is_followed(store, goods):
    cup, saucer, *_ = goods
    order = bought(store, [saucer, cup])

    for _time in range(3):
        follow_order(order)

    assert pairs() == {(cup.pk, cup.pk): 1, (cup.pk, saucer.pk): 1, (saucer.pk, saucer.pk): 1}


def test_variants_count_as_their_parent(store):
    shirt, cup = a_parent("Shirt", store, variants={"S": "8", "L": "9"}), a_product("Cup", store)

    follow_order(bought(store, [*shirt.children.all(), cup]))

    assert pairs() == {(shirt.pk, shirt.pk): 1, (shirt.pk, cup.pk): 1, (cup.pk, cup.pk): 1}


def test_what_was_cancelled_leaves(store, goods):
    cup, saucer, spoon, _lamp = goods
    order, other = bought(store, [cup, saucer, spoon]), bought(store, [cup, saucer])
    for each in (order, other):
        follow_order(each)

    Line.objects.filter(order=order, product=saucer).update(num_cancelled=1)
    follow_order(order)
    assert pairs()[cup.pk, saucer.pk] == 1
    assert pairs()[cup.pk, spoon.pk] == 1
    Order.objects.filter(pk=order.pk).update(status=OrderStatus.CANCELLED)
    follow_order(order)

    assert pairs() == {(cup.pk, cup.pk): 1, (cup.pk, saucer.pk): 1, (saucer.pk, saucer.pk): 1}
    assert list(CountedOrder.objects.values_list("order_id", flat=True)) == [other.pk]


def test_following_each_order_comes_to_the_same_as_counting_all_at_night(store, goods):
    cup, saucer, spoon, lamp = goods
    for each in ([cup, saucer], [cup, saucer, spoon], [spoon, lamp], [lamp], [cup, saucer]):
        follow_order(bought(store, each))
    followed = everything()

    recompute(store)
    at_night = everything()
    recompute(store, afresh=True)

    assert [followed[0], followed[1]] == [at_night[0], at_night[1]]
    assert [row for row in at_night[2] if row[2] == "bought"] == followed[2]
    assert everything() == at_night


def test_the_night_forgets_orders_that_were_deleted_and_those_of_long_ago(store, goods):
    cup, saucer, *_ = goods
    deleted = bought(store, [cup])
    recompute(store)
    assert pairs() == {(cup.pk, cup.pk): 1}

    deleted.lines.all().delete()
    deleted.delete()
    bought(store, [saucer], days_ago=3 * 365)
    recompute(store)

    assert pairs() == {}


def test_of_a_huge_order_the_same_few_products_count_each_time(store, goods, monkeypatch):
    monkeypatch.setattr(counting, "MOST_PRODUCTS", 2)
    order = bought(store, goods)

    follow_order(order)
    first = pairs()
    recompute(store, afresh=True)

    assert len(CountedOrder.objects.get().product_ids) == 2
    assert pairs() == first


def test_what_is_often_bought_with_it_comes_before_what_is_often_bought(store, goods):
    cup, saucer, spoon, lamp = goods
    for each in ([cup, saucer], [cup, saucer], [cup, lamp], [cup, lamp], *[[lamp, spoon]] * 6):
        bought(store, each)

    recompute(store)

    assert beside_product(cup.pk, store).bought == [saucer.pk, lamp.pk]
    assert beside_product(lamp.pk, store).bought == [spoon.pk, cup.pk]
    assert most_bought(store, most=2) == [lamp.pk, spoon.pk]


def test_once_is_chance(store, goods):
    cup, saucer, *_ = goods
    bought(store, [cup, saucer])

    recompute(store)

    assert beside_product(cup.pk, store).bought == []


def test_a_basket_is_shown_what_goes_with_all_of_it_but_nothing_that_is_in_it(store, goods):
    cup, saucer, spoon, lamp = goods
    for each in (*[[cup, saucer, spoon]] * 3, *[[cup, lamp]] * 2):
        bought(store, each)
    recompute(store)

    with counted_queries() as queries:
        found = beside_basket([cup.pk, saucer.pk], store, most=4)

    assert found == [spoon.pk, lamp.pk]
    assert len(queries) == 1


def test_what_the_store_does_not_list_or_show_is_beside_nothing(store, goods):
    cup, saucer, spoon, lamp = goods
    for _time in range(2):
        bought(store, [cup, saucer, spoon, lamp])
    saucer.is_public = False
    saucer.save()
    spoon.listings.all().delete()

    recompute(store)

    assert beside_product(cup.pk, store).bought == [lamp.pk]
    assert not Neighbours.objects.filter(product=saucer, kind="bought").exists()


def test_rows_that_stay_the_same_are_not_written_again(store, goods):
    cup, saucer, *_ = goods
    for _time in range(2):
        bought(store, [cup, saucer])
    recompute(store)
    before = versions()

    recompute(store)

    assert before
    assert versions() == before


def versions() -> list[tuple]:
    return sorted(Neighbours.objects.extra(select={"version": "xmin::text"}).values_list("pk", "version"))


def test_an_order_that_is_placed_or_cancelled_is_followed_by_itself(store):
    cup = a_product("Cup", open_for_trade(store), price="3")
    order = place_order(a_basket(store, (cup, 1)), a_purchase(store))
    drain_all()
    assert pairs() == {(cup.pk, cup.pk): 1}

    move_order(order, OrderStatus.CANCELLED, by=None)
    drain_all()

    assert pairs() == {}


def test_the_command_says_what_it_did(store, goods, capsys):
    bought(store, goods)

    call_command("recommend", "--merchant", "aurora")

    assert capsys.readouterr().out.startswith("aurora: 1 orders, 4 products, 0 reminded")
    assert store.recommendation_settings.computed_at is not None


def test_another_store_of_the_merchant_counts_its_own_orders(store, goods):
    other = open_store(NewStore(name="Other", slug="other", host="other.example"))
    cup, saucer, *_ = goods
    for _time in range(2):
        bought(store, [cup, saucer])

    recompute(store)
    recompute(other)

    assert beside_product(cup.pk, store).bought == [saucer.pk]
    assert beside_product(cup.pk, other).bought == []


def test_the_stranger_has_counts_of_their_own(store, goods, lumen):
    for _time in range(2):
        bought(store, goods)
    recompute(store)
    mine = everything()

    with merchant_scope(lumen.pk):
        theirs = Store.objects.get()
        recompute(theirs)

        assert everything() == [[], [], []]
        assert beside_product(goods[0].pk, theirs).bought == []
    assert everything() == mine

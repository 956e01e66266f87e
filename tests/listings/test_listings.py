import pytest
from django.db import IntegrityError, connection, transaction

from shop.catalogue.models import Product
from shop.listings.actions import list_products, sell_only_in, unlist_products
from shop.listings.errors import UnknownProduct
from shop.listings.models import Listing
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def trade_store(in_aurora) -> Store:
    return open_store(NewStore(name="Trade", slug="trade", host="trade.example"))


def test_a_product_is_sold_only_where_it_is_listed(aurora_store, trade_store):
    cup, bowl = a_product("Cup"), a_product("Bowl")

    assert list_products(aurora_store, [cup]) == 1
    assert list_products(trade_store, [cup, bowl]) == 2

    assert set(Product.objects.for_store(aurora_store)) == {cup}
    assert set(Product.objects.for_store(trade_store)) == {cup, bowl}


def test_variants_follow_their_parent(aurora_store):
    shirt = a_parent(variants={"S": "10", "M": "10"})
    small, medium = shirt.children.order_by("pk")

    assert list_products(aurora_store, [small, medium]) == 1

    assert Listing.objects.get().product == shirt
    assert set(Product.objects.for_store(aurora_store)) == {shirt, small, medium}


def test_listing_twice_lists_once(aurora_store):
    cup = a_product()

    list_products(aurora_store, [cup])

    assert list_products(aurora_store, [cup, cup]) == 0
    assert Listing.objects.count() == 1


def test_a_product_can_be_taken_out_of_one_store(aurora_store, trade_store):
    cup = a_product("Cup", aurora_store, trade_store)

    assert unlist_products(aurora_store, [cup]) == 1
    assert unlist_products(aurora_store, [cup]) == 0

    assert not Product.objects.for_store(aurora_store).exists()
    assert Product.objects.for_store(trade_store).get() == cup


def test_a_product_is_sold_in_the_chosen_stores_and_elsewhere_as_before(aurora_store, trade_store):
    cup = a_product("Cup", trade_store)
    third = open_store(NewStore(name="Third", slug="third", host="third.example"))

    sell_only_in([aurora_store], cup, among=[aurora_store, third])
    assert set(Listing.objects.values_list("store__slug", flat=True)) == {aurora_store.slug, "trade"}

    sell_only_in([third], cup, among=[aurora_store, trade_store, third])
    assert set(Listing.objects.values_list("store__slug", flat=True)) == {"third"}


def test_listing_many_takes_as_many_queries_as_listing_one(aurora_store, django_assert_num_queries):
    products = [a_product(f"Cup {n}") for n in range(20)]
    for some in (products[:1], products[1:]):
        with django_assert_num_queries(5):  # the savepoint's two and three of ours
            list_products(aurora_store, some)


def test_a_hidden_product_or_one_of_a_hidden_parent_is_not_visible(aurora_store):
    cup, hidden = a_product("Cup", aurora_store), a_product("Hidden", aurora_store, is_public=False)
    shirt = a_parent("Shirt", aurora_store, variants={"S": "10"}, is_public=False)

    assert list(Product.objects.visible().for_store(aurora_store)) == [cup]
    assert set(Product.objects.for_store(aurora_store)) == {cup, hidden, shirt, shirt.children.get()}


# The stranger


def test_another_merchants_product_cannot_be_listed(aurora_store, lumen):
    with merchant_scope(lumen.pk):
        theirs = a_product("Lamp")
    ours = a_product("Cup")

    with pytest.raises(UnknownProduct):
        list_products(aurora_store, [ours, theirs])

    assert not Listing.objects.exists()


def test_a_product_cannot_be_listed_in_another_merchants_store(in_aurora, lumen):
    with merchant_scope(lumen.pk):
        their_store = Store.objects.get()
    ours = a_product("Cup")

    list_products(their_store, [ours])
    with pytest.raises(IntegrityError), transaction.atomic():
        connection.check_constraints()  # as the commit would

    Listing.objects.all().delete()


def test_listings_of_another_merchant_are_not_seen(aurora_store, lumen):
    with merchant_scope(lumen.pk):
        their_store = Store.objects.get()
        theirs = a_product("Lamp", their_store)

    assert not Product.objects.for_store(their_store).exists()
    with pytest.raises(UnknownProduct):
        unlist_products(their_store, [theirs])
    with merchant_scope(lumen.pk):
        assert Product.objects.for_store(their_store).get() == theirs

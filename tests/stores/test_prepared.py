"""Querysets that are compiled once say what Django's own say, whatever the values, the thread and the merchant."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.transaction import TransactionManagementError
from django.test.utils import CaptureQueriesContext

from shop.catalogue.models import Product
from shop.partner.models import StockRecord
from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.models import Store
from shop.stores.postgresql.prepared import among, keep_related, prepared
from shop.stores.scope import merchant_scope
from tests.goods import a_product


@prepared
def products_with_stock(title: str, least: int) -> QuerySet[Product]:
    stocked = StockRecord.objects.filter(product=OuterRef("pk"), num_in_stock__gte=least)
    found = Product.objects.filter(Q(title=title) | Q(upc=title)).annotate(is_stocked=Exists(stocked))
    return found.select_related("product_class").prefetch_related("stockrecords").order_by("pk")


@prepared
def names_of_stores(currency: str) -> QuerySet[Store]:
    return Store.objects.filter(currency=currency).order_by("pk").values_list("name", flat=True)


@prepared
def products_among(ids: list[int]) -> QuerySet[Product]:
    return Product.objects.filter(among("pk", ids)).order_by("pk")


@prepared
def locked_products(title: str) -> QuerySet[Product]:
    return Product.objects.filter(title=title).select_for_update()


@pytest.mark.django_db
def test_it_finds_what_the_queryset_finds_with_each_call_s_own_values(in_aurora, aurora_store):
    cup, plate = a_product("Cup", aurora_store), a_product("Plate", aurora_store)

    asked = [("Cup", 10), ("Plate", 11), ("Plate", 10), ("Spoon", 0)]
    found = [[(each, each.is_stocked) for each in products_with_stock(title=title, least=n)] for title, n in asked]

    assert found == [[(cup, True)], [(plate, False)], [(plate, True)], []]  # ten of each are in stock
    assert [*names_of_stores(currency="GBP")] == [*Store.objects.filter(currency="GBP").values_list("name", flat=True)]


@pytest.mark.django_db
def test_related_rows_come_along(in_aurora, aurora_store):
    a_product("Cup", aurora_store)

    with CaptureQueriesContext(connection) as queries:
        (cup,) = products_with_stock(title="Cup", least=1)
        assert (cup.product_class.name, len(cup.stockrecords.all())) == ("Goods", 1)

    assert len(queries) == 2


@pytest.mark.django_db
def test_a_value_that_is_missing_is_an_error(in_aurora):
    with pytest.raises(KeyError, match="least"):
        products_with_stock(title="Cup")


@pytest.mark.django_db
def test_ids_are_one_value_however_many_they_are(in_aurora):
    cup, plate, bowl = a_product("Cup"), a_product("Plate"), a_product("Bowl")

    asked = [[], [bowl.pk], [bowl.pk, cup.pk, 0, 1 << 40], [cup.pk, plate.pk, bowl.pk]]

    assert [products_among(ids=ids) for ids in asked] == [[], [bowl], [cup, bowl], [cup, plate, bowl]]


@pytest.mark.django_db
def test_related_rows_that_were_loaded_otherwise_are_asked_for_no_more(in_aurora):
    cup = a_product("Cup")
    records = list(cup.stockrecords.all())

    keep_related(cup, "stockrecords", records)

    with CaptureQueriesContext(connection) as queries:
        assert (list(cup.stockrecords.all()), cup.stockrecords.all()[0]) == (records, records[0])
    assert len(queries) == 0


def test_rows_are_locked_in_a_transaction_only(own_database):
    merchant = open_merchant("One", slug="one")
    with merchant_scope(merchant.pk):
        assert locked_products(title="Cup") == []  # compiled

    with pytest.raises(TransactionManagementError):
        locked_products(title="Cup")


def test_threads_ask_over_connections_of_their_own(own_database):
    merchants = {}
    for name in ("One", "Two"):
        merchants[name] = open_merchant(name, slug=name.lower())
        with merchant_scope(merchants[name].pk):
            open_store(NewStore(name=name, slug=name.lower(), host=f"{name.lower()}.example"))

    def names(name: str) -> list[str]:
        try:
            with merchant_scope(merchants[name].pk):
                return names_of_stores(currency="GBP")
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(names, ["One", "Two"] * 8)) == [["One"], ["Two"]] * 8


@pytest.mark.django_db
def test_another_merchant_s_rows_are_not_found(in_aurora, aurora_store, lumen):
    a_product("Cup", aurora_store)
    assert products_with_stock(title="Cup", least=0)

    with merchant_scope(lumen.pk):
        assert products_with_stock(title="Cup", least=0) == []

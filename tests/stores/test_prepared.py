"""Querysets that are compiled once say what Django's own say, whatever the values, the thread and the merchant."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from shop.catalogue.models import Product
from shop.partner.models import StockRecord
from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.models import Store
from shop.stores.postgresql.prepared import Among, prepared
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
def products_of(keys: list[int]) -> QuerySet[Product]:
    return Product.objects.filter(Among(F("pk"), keys)).order_by("pk")


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
def test_several_keys_are_one_value(in_aurora, aurora_store):
    cup, plate, _fork = (a_product(title, aurora_store) for title in ("Cup", "Plate", "Fork"))

    with CaptureQueriesContext(connection) as queries:
        found = [products_of(keys=keys) for keys in ([cup.pk, plate.pk], [plate.pk, 10**12], [])]

    assert found == [[cup, plate], [plate], []]
    assert len(queries) == 3


@pytest.mark.django_db
def test_a_value_that_is_missing_is_an_error(in_aurora):
    with pytest.raises(KeyError, match="least"):
        products_with_stock(title="Cup")


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

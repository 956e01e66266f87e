"""How the database finds the lines of a basket: from the lines on, however many it expects."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction

from shop.basket.models import Basket, Line
from shop.basket.querysets import lines_with_goods, open_basket_of_guest
from shop.catalogue.models import Product
from shop.listings.actions import list_products
from shop.partner.models import Partner, StockRecord
from shop.prover.scratch import owner_session
from shop.stores.models import Store
from shop.stores.postgresql.cursor import PLANNED_FROM
from shop.stores.scope import merchant_scope
from tests.goods import product_class

pytestmark = pytest.mark.data

SOLD = 3_000
LONG = 300
TABLES = ("catalogue_product", "partner_stockrecord", "listings_listing")


@pytest.fixture(scope="module")
def known(committed: int) -> Store:
    """One that sells thousands, and all that the planner knows of baskets is a very long one."""
    with merchant_scope(committed):
        store = Store.objects.get()
        fill(a_basket(store), sold_in(store)[:LONG])
    with owner_session(connection.settings_dict["NAME"]) as owner:
        owner.execute("ANALYZE")
    return store


@pytest.fixture
def store(known: Store) -> Iterator[Store]:
    with merchant_scope(known.merchant_id):
        yield known
        transaction.set_rollback(True)


def sold_in(store: Store) -> list[StockRecord]:
    goods = product_class()
    products = Product.objects.bulk_create(
        Product(structure="standalone", title="Jug", product_class=goods) for _ in range(SOLD)
    )
    list_products(store, products)
    kept = {"partner": Partner.objects.create(code="warehouse"), "price_currency": "GBP", "price": 1}
    return StockRecord.objects.bulk_create(StockRecord(product=each, partner_sku=each.pk, **kept) for each in products)


def a_basket(store: Store) -> Basket:
    return Basket.objects.create(store=store)


def fill(basket: Basket, records: list[StockRecord]) -> None:
    Line.objects.bulk_create(
        Line(basket=basket, product_id=each.product_id, stockrecord=each, line_reference=each.pk, price_currency="GBP")
        for each in records
    )


def rows_read() -> dict[str, int]:
    """By this transaction, of each table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = ANY(%s)",
            [list(TABLES)],
        )
        return dict(cursor.fetchall())


@pytest.mark.parametrize("lines", [1, 3, LONG])
@pytest.mark.parametrize("whose", ["of_a_guest", "of_a_buyer"])
def test_of_goods_only_those_in_the_basket_are_read(store, lines, whose):
    basket = a_basket(store)
    fill(basket, list(StockRecord.objects.order_by("-pk")[:lines]))
    ask = {
        "of_a_guest": lambda: open_basket_of_guest(basket.pk, store.pk).all_lines(),
        "of_a_buyer": lambda: lines_with_goods(basket),
    }[whose]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
    for _ in range(PLANNED_FROM):
        ask()
    before = rows_read()

    found = ask()

    assert len(found) == lines
    assert {table: rows - before[table] for table, rows in rows_read().items()} == dict.fromkeys(TABLES, lines)

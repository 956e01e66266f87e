"""Merchants whose stock is older than the ledger: what can be bought stays what it was."""

import importlib
from types import SimpleNamespace

import pytest
from django.db import connection

from shop.inventory.actions import allocate
from shop.inventory.models import Location
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.partner.models import StockRecord
from shop.stores.models import Store
from shop.stores.roles import owner_connection
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.goods import a_product
from tests.inventory.stocked import adds_up, held_by, levels_of, lines_of, movements_of, stock_of

pytestmark = pytest.mark.data

migration = importlib.import_module("shop.inventory.migrations.0003_open_the_ledger")
TABLES = ("allocation", "reservation", "stocklevel", "stockmovement", "location")


@pytest.fixture
def merchant_id(own_database, django_db_blocker):
    with django_db_blocker.unblock():
        yield cast_merchant("aurora").pk


def open_ledgers():
    """As an installation that had none: its tables are emptied, and the migration runs as the owner."""
    with owner_connection(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE " + ", ".join(f"inventory_{table}" for table in TABLES) + " CASCADE")
        migration.open_ledger(None, SimpleNamespace(connection=connection))


def test_opening_movements_and_allocations_of_open_orders(merchant_id):
    with merchant_scope(merchant_id):
        store, cup = Store.objects.get(), a_product("Cup")
        states = [OrderStatus.PENDING, OrderStatus.SHIPPED, OrderStatus.CANCELLED]
        for status in states:
            allocate(lines_of(store, (cup, 2)))
            Order.objects.filter(status="").update(status=status)
        before = StockRecord.objects.get()
    assert before.net_stock_level == 4

    open_ledgers()

    with merchant_scope(merchant_id):
        assert Location.objects.get().code == "main"
        assert movements_of(cup) == [("count", "main", 10), ("correction", "main", -2)]
        assert (stock_of(cup), levels_of(cup)) == ((8, 2), {"main": (8, 2)})
        assert [held_by(line) for line in Line.objects.order_by("pk")] == [{"main": 2}, {}, {}]
        assert StockRecord.objects.get().net_stock_level == 6  # what the cancelled order held is to be had again
        assert adds_up()


def test_what_is_owed_stays_owed_where_less_was_counted(merchant_id):
    with merchant_scope(merchant_id):
        store, cup = Store.objects.get(), a_product("Cup")
        allocate(lines_of(store, (cup, 6)))
        Order.objects.update(status=OrderStatus.PAID)
        StockRecord.objects.update(num_in_stock=4, num_allocated=0)

    open_ledgers()

    with merchant_scope(merchant_id):
        assert (stock_of(cup), levels_of(cup)) == ((4, 6), {"main": (4, 6)})
        assert adds_up()


def test_each_merchant_has_a_location_of_its_own(merchant_id):
    other = cast_merchant("lumen").pk

    open_ledgers()

    for pk in (merchant_id, other):
        with merchant_scope(pk):
            assert list(Location.objects.values_list("merchant_id", "code")) == [(pk, "main")]

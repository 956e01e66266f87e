"""The stock is the sum of the ledger, whoever writes it; and the ledger only grows."""

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from shop.inventory.actions import allocate
from shop.inventory.actions.locations import first_location, save_location
from shop.inventory.actions.movements import book, set_totals, transfer
from shop.inventory.errors import NotThere, StockRefused
from shop.inventory.models import Cause, Location, StockLevel, StockMovement
from shop.partner.models import StockRecord
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_product, stock
from tests.inventory.stocked import a_location, adds_up, levels_of, lines_of, movements_of, stock_of
from tests.trade import a_buyer

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def cup_at(**pieces):
    """A cup of which there are so many at each location, the first named first."""
    cup = a_product("Cup")
    cup.stockrecords.update(num_in_stock=0)
    for priority, (code, n) in enumerate(pieces.items()):
        location = Location.objects.filter(code=code).first() or a_location(code, priority=priority)
        book(cup.stockrecords.get(), location, n, cause=Cause.RECEIPT, by=None)
    return cup


def test_new_stock_opens_the_ledger_at_the_merchants_first_location(in_aurora):
    cup = a_product("Cup")

    assert movements_of(cup) == [("count", "main", 10)]
    assert levels_of(cup) == {"main": (10, 0)}
    assert Location.objects.get().name == "Main warehouse"


def test_the_first_location_is_called_in_the_language_of_the_first_store(in_aurora):
    Store.objects.update(language="de")

    a_product("Cup")

    assert Location.objects.get().name == "Hauptlager"


def test_what_somebody_else_writes_becomes_a_correction(in_aurora):
    cup = a_product("Cup")

    cup.stockrecords.update(num_in_stock=14)
    record = cup.stockrecords.get()
    record.num_in_stock = 3
    record.save()
    StockRecord.objects.bulk_update([StockRecord(pk=record.pk, num_in_stock=5)], ["num_in_stock"])

    assert movements_of(cup)[1:] == [("correction", "main", 4), ("correction", "main", -11), ("correction", "main", 2)]
    assert (stock_of(cup), levels_of(cup)) == ((5, 0), {"main": (5, 0)})
    assert adds_up()


def test_what_somebody_takes_away_is_taken_from_each_location_in_turn(in_aurora):
    cup = cup_at(main=4, shop=3, attic=2)

    cup.stockrecords.update(num_in_stock=3)

    assert levels_of(cup) == {"main": (0, 0), "shop": (1, 0), "attic": (2, 0)}
    assert adds_up()


def test_many_records_are_reconciled_by_one_statement(in_aurora):
    some = [stock(a_product(f"Cup {n}", price=None), "10", pieces=n) for n in range(5)]

    StockRecord.objects.update(num_in_stock=2)

    assert StockMovement.objects.filter(cause="correction").count() == 4  # one of them has two already
    assert [record.levels.get().on_hand for record in some] == [2] * 5
    assert adds_up()


def test_staff_say_how_many_there_are_in_all(in_aurora):
    cup, clerk = cup_at(main=4, shop=3), a_buyer("clerk@example.com")
    record = cup.stockrecords.get()

    set_totals({record.pk: 2}, by=clerk, reference="shelf 7")
    set_totals({record.pk: 5}, by=clerk)

    assert levels_of(cup) == {"main": (3, 0), "shop": (2, 0)}
    movement = StockMovement.objects.filter(cause="count", reference="shelf 7").earliest("pk")
    assert (movement.by, movement.quantity, movement.sku) == (clerk, -4, record.partner_sku)
    assert adds_up()


def test_pieces_are_brought_from_one_location_to_another_but_none_that_are_sold(aurora_store):
    cup = cup_at(main=4, shop=3)
    record, main, shop = cup.stockrecords.get(), first_location(), Location.objects.get(code="shop")
    allocate(lines_of(aurora_store, (cup, 3)))

    with pytest.raises(NotThere):
        transfer(record, 2, origin=main, target=shop, by=None)
    transfer(record, 1, origin=main, target=shop, by=None)

    assert levels_of(cup) == {"main": (3, 3), "shop": (4, 0)}
    assert movements_of(cup)[-2:] == [("transfer", "main", -1), ("transfer", "shop", 1)]
    assert stock_of(cup) == (7, 3)
    assert adds_up()


def test_no_more_is_taken_out_of_a_location_than_is_there(in_aurora):
    cup = cup_at(main=4)
    record, main = cup.stockrecords.get(), first_location()

    with pytest.raises(NotThere, match=f"There is not enough of {record.partner_sku} at Main warehouse."):
        book(record, main, -5, cause=Cause.CORRECTION, by=None)
    with pytest.raises(StockRefused):
        book(record, main, -1, cause=Cause.RECEIPT, by=None)

    assert (stock_of(cup), len(movements_of(cup))) == ((4, 0), 3)


def test_a_location_with_goods_and_the_last_one_are_not_given_up(in_aurora):
    cup_at(main=4, shop=3)
    main, empty = first_location(), a_location("attic")

    main.is_active = empty.is_active = False
    with pytest.raises(StockRefused, match="There are goods at this location"):
        save_location(main, by=None)
    save_location(empty, by=None)

    assert set(Location.objects.active().values_list("code", flat=True)) == {"main", "shop"}


@pytest.mark.parametrize(
    "change", ["UPDATE inventory_stockmovement SET quantity = 1", "DELETE FROM inventory_stockmovement"]
)
def test_the_database_lets_nobody_change_the_ledger(in_aurora, change):
    cup = a_product("Cup")

    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)

    assert movements_of(cup) == [("count", "main", 10)]


def test_the_ledger_outlives_the_product(in_aurora):
    cup = a_product("Cup")
    sku = cup.stockrecords.get().partner_sku

    cup.delete()

    assert [(one.sku, one.quantity) for one in StockMovement.objects.all()] == [(sku, 10)]
    assert not StockLevel.objects.exists()
    assert adds_up()


def test_check_ledgers_finds_nothing_where_everything_adds_up(aurora_store, capsys):
    allocate(lines_of(aurora_store, (cup_at(main=4, shop=3), 5)))

    call_command("check_ledgers")

    assert capsys.readouterr().out == "2 merchants, 0 differences.\n"


def test_check_ledgers_names_each_difference_and_fails(aurora_store, capsys):
    cup = cup_at(main=4)
    sku = cup.stockrecords.get().partner_sku
    (line,) = lines = lines_of(aurora_store, (cup, 3))
    allocate(lines)
    cup.stockrecords.update(num_allocated=2)
    StockLevel.objects.filter(stockrecord__product=cup).update(on_hand=5, allocated=1)
    line.num_allocated = 1
    line.save()

    with pytest.raises(CommandError, match="Some stock does not add up"):
        call_command("check_ledgers", merchant="aurora")

    assert capsys.readouterr().out.splitlines() == [
        f"aurora {sku} at main: on hand 5, by the ledger 4",
        f"aurora {sku}: allocated 2, by the ledger 3",
        f"aurora {sku} at main: allocated there 1, by the ledger 3",
        f"aurora {line.order.number} {sku}: held by the line 1, by the ledger 3",
        "1 merchants, 4 differences.",
    ]


def test_the_other_merchant_has_a_first_location_and_a_ledger_of_its_own(in_aurora, lumen):
    cup = a_product("Cup")
    record = cup.stockrecords.get()

    with merchant_scope(lumen.pk):
        assert not StockMovement.objects.exists()
        own = first_location()
        StockRecord.objects.filter(pk=record.pk).update(num_in_stock=1)
        set_totals({record.pk: 1}, by=None)
        with pytest.raises(ObjectDoesNotExist):
            book(record, own, 1, cause=Cause.RECEIPT, by=None)

    assert movements_of(cup) == [("count", "main", 10)]
    assert own not in Location.objects.all()

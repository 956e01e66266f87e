"""Pieces leave the house from where they are, and come back to where they are put."""

import pytest
from django.db import IntegrityError, transaction

from shop.inventory.actions import allocate, consume, put_back
from shop.inventory.actions.locations import first_location
from shop.inventory.actions.movements import book
from shop.inventory.errors import NotThere, StockRefused
from shop.inventory.models import Cause, StockMovement
from shop.order.models import Line
from shop.order.processing import EventHandler
from shop.partner.models import StockRecord
from shop.stores.scope import merchant_scope
from tests.goods import a_product, product_class
from tests.inventory.stocked import a_location, adds_up, held_by, levels_of, lines_of, movements_of, stock_of

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def cup(aurora_store):
    """Ten at the main warehouse, three in the shop."""
    cup = a_product("Cup")
    book(cup.stockrecords.get(), a_location("shop"), 3, cause=Cause.RECEIPT, by=None)
    return cup


@pytest.fixture
def line(aurora_store, cup):
    """Of twelve: ten of the main warehouse, two of the shop."""
    (line,) = lines = lines_of(aurora_store, (cup, 12))
    allocate(lines)
    return line


def shop():
    return StockMovement.objects.get(location__code="shop", cause="receipt").location


def test_what_is_sent_leaves_where_it_is_allocated(cup, line):
    consume({line: 12})

    assert (stock_of(cup), levels_of(cup)) == ((1, 0), {"main": (0, 0), "shop": (1, 0)})
    assert sorted(movements_of(cup)[-2:]) == [("sale", "main", -10), ("sale", "shop", -2)]
    movement = StockMovement.objects.latest("pk")
    assert (movement.line, movement.reference) == (line, line.order.number)
    assert (held_by(line), line.num_allocated) == ({}, 0)
    assert adds_up()


def test_it_leaves_the_location_that_is_named_if_the_rest_there_is_nobodys(cup, line):
    consume({line: 3}, location=shop())

    assert levels_of(cup) == {"main": (10, 9), "shop": (0, 0)}
    assert (held_by(line), stock_of(cup)) == ({"main": 9}, (10, 9))
    assert adds_up()


def test_nothing_leaves_where_too_little_is(cup, line):
    with pytest.raises(NotThere):
        consume({line: 4}, location=shop())

    assert (stock_of(cup), levels_of(cup)) == ((13, 12), {"main": (10, 10), "shop": (3, 2)})
    assert Line.objects.get().num_allocated == 12
    assert adds_up()


def test_what_is_owed_to_another_order_does_not_leave_for_this_one(aurora_store, cup, line):
    (other,) = lines = lines_of(aurora_store, (cup, 1))
    allocate(lines)

    with pytest.raises(NotThere):
        consume({line: 3}, location=shop())
    consume({other: 1}, location=shop())

    assert levels_of(cup) == {"main": (10, 10), "shop": (2, 2)}
    assert adds_up()


def test_what_was_awaited_leaves_from_where_it_came_to(aurora_store):
    plate = a_product("Plate")
    StockRecord.objects.update(sold_ahead="backorder")
    (line,) = lines = lines_of(aurora_store, (plate, 12))
    allocate(lines)

    with pytest.raises(NotThere):
        consume({line: 12})
    StockRecord.objects.update(num_in_stock=12)  # by somebody who knows no ledger: nothing is served yet
    consume({line: 12})

    assert (stock_of(plate), held_by(line)) == ((0, 0), {})
    assert adds_up()


def test_more_than_a_line_holds_is_not_sent(cup, line):
    consume({line: 12})

    with pytest.raises(IntegrityError), transaction.atomic():
        consume({line: 1})

    assert stock_of(cup) == (1, 0)


def test_what_comes_back_is_there_again(cup, line):
    consume({line: 12})

    put_back({line: 2}, location=shop(), by=None)
    put_back({line: 1}, location=first_location(), by=None, cause=Cause.CANCEL)

    assert movements_of(cup)[-2:] == [("return", "shop", 2), ("cancel", "main", 1)]
    assert levels_of(cup) == {"main": (1, 0), "shop": (3, 0)}
    with pytest.raises(StockRefused):
        put_back({line: 1}, location=shop(), by=None, cause=Cause.SALE)
    with pytest.raises(StockRefused, match="More would come back than was sent"):
        put_back({line: 10}, location=shop(), by=None)
    assert len(movements_of(cup)) == 6
    assert adds_up()


def test_a_line_whose_stock_is_not_counted_moves_none(aurora_store):
    course = a_product("Course", product_class=product_class("Courses", tracks_stock=False))
    (line,) = lines_of(aurora_store, (course, 2))

    consume({line: 2})
    put_back({line: 2}, location=first_location(), by=None)

    assert (line.num_allocated, movements_of(course)) == (0, [("count", "main", 10)])
    assert adds_up()


def test_oscars_event_handler_takes_stock_through_the_ledger(cup, line):
    handler = EventHandler()

    handler.consume_stock_allocations(line.order, [line], [2])
    handler.cancel_stock_allocations(line.order)

    assert (stock_of(cup), held_by(line)) == ((11, 0), {})
    assert adds_up()


def test_oscars_own_ways_to_take_stock_are_closed(cup, line):
    record = cup.stockrecords.get()

    for take in (record.allocate, record.consume_allocation, record.cancel_allocation, line.consume_allocation):
        with pytest.raises(TypeError):
            take(1)

    assert stock_of(cup) == (13, 12)
    assert adds_up()


def test_the_other_merchant_sends_nothing(cup, line, lumen):
    with merchant_scope(lumen.pk):
        consume({line: 1})

    assert (stock_of(cup), held_by(line)) == ((13, 12), {"main": 10, "shop": 2})

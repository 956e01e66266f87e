"""Order lines get what there is, and give back what they don't need."""

from datetime import date

import pytest
from django.db import transaction
from oscar.core.loading import get_model

from shop.inventory.actions import allocate, release
from shop.inventory.actions.locations import first_location
from shop.inventory.actions.movements import book, change
from shop.inventory.models import Cause, StockPolicy
from shop.inventory.rules import AllocationRule
from shop.order.errors import OutOfStock
from shop.outbox.models import OutboxEvent
from shop.partner.models import StockRecord
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.inventory.stocked import a_location, adds_up, held_by, levels_of, lines_of, stock_of
from tests.queries import counted_queries
from tests.trade import an_address

pytestmark = [pytest.mark.django_db, pytest.mark.data]

StockAlert = get_model("partner", "StockAlert")


def put(product, location, pieces):
    """So many pieces to another location."""
    change({(product.stockrecords.get().pk, location.pk): pieces}, cause=Cause.RECEIPT, by=None)


def test_pieces_are_allocated_to_every_line(aurora_store):
    cup, plate = a_product("Cup"), a_product("Plate")
    lines = lines_of(aurora_store, (cup, 4), (plate, 10))

    allocate(lines)

    assert [held_by(line) for line in lines] == [{"main": 4}, {"main": 10}]
    assert (stock_of(cup), stock_of(plate)) == ((10, 4), (10, 10))
    assert levels_of(cup) == {"main": (10, 4)}
    assert adds_up()


def test_nothing_is_allocated_where_one_record_has_too_little(aurora_store):
    cup, plate = a_product("Cup"), a_product("Plate")

    with pytest.raises(OutOfStock) as refusal:
        allocate(lines_of(aurora_store, (cup, 4), (plate, 11)))

    assert refusal.value.stockrecord_ids == [plate.stockrecords.get().pk]
    assert (stock_of(cup), stock_of(plate)) == ((10, 0), (10, 0))
    assert levels_of(cup) == levels_of(plate) == {"main": (10, 0)}


def test_what_is_allocated_already_is_not_there_for_others(aurora_store):
    cup = a_product("Cup")
    allocate(lines_of(aurora_store, (cup, 9)))

    with pytest.raises(OutOfStock):
        allocate(lines_of(aurora_store, (cup, 2)))
    allocate(lines_of(aurora_store, (cup, 1)))

    assert stock_of(cup) == (10, 10)


def test_a_record_that_has_gone_is_out_of_stock(aurora_store):
    cup, plate = a_product("Cup"), a_product("Plate")
    lines = lines_of(aurora_store, (cup, 1), (plate, 1))
    gone = plate.stockrecords.get().pk
    plate.stockrecords.all().delete()

    with pytest.raises(OutOfStock) as refusal:
        allocate(lines)

    assert refusal.value.stockrecord_ids == [gone]
    assert stock_of(cup) == (10, 0)


def test_two_hundred_lines_take_as_many_statements_as_one(aurora_store):
    few, many = lines_of(aurora_store, (a_product("A"), 1)), [(a_product(f"B{n}"), 1) for n in range(200)]
    many = lines_of(aurora_store, *many)

    with counted_queries() as for_few:
        allocate(few)
    with counted_queries() as for_many:
        allocate(many)

    assert (len(for_few), len(for_many)) == (4, 4)
    assert adds_up()


def test_staff_are_warned_once_of_stock_that_has_sunk_low_and_no_more_when_it_is_back(aurora_store):
    cup, plate = a_product("Cup"), a_product("Plate")
    StockRecord.objects.update(low_stock_threshold=8)

    allocate(lines_of(aurora_store, (cup, 3), (plate, 2)))
    allocate(lines_of(aurora_store, (cup, 1)))

    record = cup.stockrecords.get()
    assert list(StockAlert.objects.values_list("stockrecord_id", "threshold", "status")) == [(record.pk, 8, "Open")]
    event = OutboxEvent.objects.get(kind="stock.low")
    assert (event.subject_id, event.payload) == (
        str(record.pk),
        {"sku": record.partner_sku, "left": 7, "threshold": 8},
    )

    book(record, first_location(), 5, cause=Cause.RECEIPT, by=None)

    assert StockAlert.objects.get().status == "Closed"


def test_a_line_gives_back_what_it_does_not_need(aurora_store):
    cup = a_product("Cup")
    lines = lines_of(aurora_store, (cup, 7))
    allocate(lines)
    (line,) = lines

    release({line: 3})

    assert (held_by(line), line.num_allocated) == ({"main": 4}, 4)
    assert stock_of(cup) == (10, 4)
    assert adds_up()

    release({line: 4})

    assert (held_by(line), stock_of(cup), levels_of(cup)) == ({}, (10, 0), {"main": (10, 0)})
    assert adds_up()


@pytest.mark.parametrize(
    ("rule", "taken_from"),
    [(AllocationRule.PRIORITY, "shop"), (AllocationRule.FULLEST, "main"), (AllocationRule.NEAREST, "near")],
)
def test_goods_are_taken_from_where_the_store_says(aurora_store, rule, taken_from):
    cup = a_product("Cup")
    main = first_location()
    main.priority = 5
    main.save()
    put(cup, a_location("shop", country_id="DE", postcode="10115"), 4)
    put(cup, a_location("near", priority=9, country_id="GB", postcode="N1 1AA"), 4)
    StockPolicy.objects.create(store=aurora_store, rule=rule)
    lines = lines_of(aurora_store, (cup, 3), address=an_address())

    allocate(lines)

    assert [held_by(line) for line in lines] == [{taken_from: 3}]
    assert adds_up()


def test_a_line_is_split_where_no_location_has_all_of_it(aurora_store):
    cup = a_product("Cup")
    put(cup, a_location("shop"), 4)
    put(cup, a_location("attic", priority=2), 3)
    lines = lines_of(aurora_store, (cup, 12))

    allocate(lines)

    assert [held_by(line) for line in lines] == [{"main": 10, "shop": 2}]
    assert (stock_of(cup), levels_of(cup)) == ((17, 12), {"main": (10, 10), "shop": (4, 2), "attic": (3, 0)})
    assert adds_up()


def test_what_is_sold_ahead_waits_and_is_served_by_what_comes_the_oldest_first(aurora_store):
    cup = a_product("Cup")
    StockRecord.objects.update(sold_ahead="backorder", promised_on=date(2027, 1, 15), most_ahead=5)
    first, second = lines_of(aurora_store, (cup, 12)), lines_of(aurora_store, (cup, 3))
    allocate(first)
    allocate(second)

    with pytest.raises(OutOfStock), transaction.atomic():
        allocate(lines_of(aurora_store, (cup, 1)))
    assert [held_by(line) for line in (*first, *second)] == [{"main": 10, None: 2}, {None: 3}]
    assert stock_of(cup) == (10, 15)
    assert {line.allocations.get(location=None).promised_on for line in (*first, *second)} == {date(2027, 1, 15)}

    book(cup.stockrecords.get(), first_location(), 3, cause=Cause.RECEIPT, by=None)

    assert [held_by(line) for line in (*first, *second)] == [{"main": 12}, {"main": 1, None: 2}]
    assert levels_of(cup) == {"main": (13, 13)}
    assert adds_up()


def test_awaited_pieces_are_given_back_first(aurora_store):
    cup = a_product("Cup")
    StockRecord.objects.update(sold_ahead="preorder")
    (line,) = lines = lines_of(aurora_store, (cup, 12))
    allocate(lines)

    release({line: 3})

    assert (held_by(line), stock_of(cup)) == ({"main": 9}, (10, 9))
    assert adds_up()


def test_what_is_given_back_is_for_those_first_who_wait_for_it(aurora_store):
    cup = a_product("Cup")
    StockRecord.objects.update(sold_ahead="backorder")
    first, second = lines_of(aurora_store, (cup, 10)), lines_of(aurora_store, (cup, 3))
    allocate(first)
    allocate(second)
    (line,), (waiting,) = first, second

    release({line: 4})

    assert (held_by(line), held_by(waiting)) == ({"main": 6}, {"main": 3})
    assert (stock_of(cup), levels_of(cup)) == ((10, 9), {"main": (10, 9)})
    assert adds_up()


def test_those_who_wait_are_told_when_there_is_some_again_and_only_then(aurora_store):
    cup = a_product("Cup")
    (line,) = lines = lines_of(aurora_store, (cup, 10))
    allocate(lines)

    release({line: 1})
    release({line: 1})

    event = OutboxEvent.objects.get(kind="stock.back")
    assert (event.subject_type, event.subject_id) == ("catalogue.product", str(cup.pk))


def test_the_other_merchant_takes_nothing(aurora_store, lumen):
    cup = a_product("Cup")
    lines = lines_of(aurora_store, (cup, 4))

    with merchant_scope(lumen.pk), pytest.raises(OutOfStock):
        allocate(lines)

    assert (stock_of(cup), levels_of(cup)) == ((10, 0), {"main": (10, 0)})

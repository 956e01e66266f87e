import pytest
from oscar.core.loading import get_model

from shop.order.errors import OutOfStock
from shop.order.stock import allocate
from tests.goods import a_product

pytestmark = [pytest.mark.django_db, pytest.mark.data]

StockAlert, StockRecord = get_model("partner", "StockAlert"), get_model("partner", "StockRecord")


def records(*titles):
    return [a_product(title).stockrecords.get() for title in titles]


def allocated():
    return [record.num_allocated or 0 for record in StockRecord.objects.order_by("pk")]


def test_pieces_are_allocated_from_every_record(in_aurora):
    cup, plate = records("Cup", "Plate")

    allocate({cup.pk: 4, plate.pk: 10})

    assert allocated() == [4, 10]


def test_nothing_is_allocated_where_one_record_has_too_little(in_aurora):
    cup, plate = records("Cup", "Plate")

    with pytest.raises(OutOfStock) as refusal:
        allocate({cup.pk: 4, plate.pk: 11})

    assert refusal.value.stockrecord_ids == [plate.pk]
    assert allocated() == [0, 0]


def test_what_is_allocated_already_is_not_there_for_others(in_aurora):
    (cup,) = records("Cup")
    allocate({cup.pk: 9})

    with pytest.raises(OutOfStock):
        allocate({cup.pk: 2})
    allocate({cup.pk: 1})

    assert allocated() == [10]


def test_a_record_that_has_gone_is_out_of_stock(in_aurora):
    (cup,) = records("Cup")

    with pytest.raises(OutOfStock):
        allocate({cup.pk: 1, cup.pk + 1: 1})

    assert allocated() == [0]


def test_many_records_take_as_many_statements_as_one(in_aurora, django_assert_num_queries):
    some = records(*"ABCDEFGHIJ")

    with django_assert_num_queries(4):  # two are the savepoint
        allocate({some[0].pk: 1})
    with django_assert_num_queries(4):
        allocate({record.pk: 1 for record in some})


def test_staff_are_warned_once_of_stock_that_has_sunk_low(in_aurora):
    cup, plate = records("Cup", "Plate")
    StockRecord.objects.update(low_stock_threshold=8)

    allocate({cup.pk: 3, plate.pk: 2})
    allocate({cup.pk: 1})

    assert list(StockAlert.objects.values_list("stockrecord_id", "threshold")) == [(cup.pk, 8)]

"""Rows of several tables that are written together are what `save` would have written."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models.signals import post_save, pre_save
from django.test.utils import CaptureQueriesContext

from shop.inventory.models import Location
from shop.order.models import Line, LinePrice, Order, ShippingAddress
from shop.stores.postgresql.writing import insert, insert_all, update
from shop.stores.scope import merchant_scope
from tests.goods import a_product

pytestmark = pytest.mark.django_db

MONEY = {"total_incl_tax": Decimal(10), "total_excl_tax": Decimal(9)}
SIDES = [f"line_price_{which}{side}_tax" for which in ("", "before_discounts_") for side in ("incl", "excl")]
SOLD = {**dict.fromkeys(SIDES, Decimal(5)), "num_allocated": 0}


def an_order(number: str, **fields: object) -> Order:
    order = Order(number=number, currency="GBP", **MONEY, **fields)
    order.set_date_placed_default()
    return order


def lines_of(order: Order, *titles: str) -> list[Line]:
    return [Line(order=order, title=title, quantity=n, receipt={"n": n}, **SOLD) for n, title in enumerate(titles, 1)]


def test_rows_that_point_to_each_other_are_written_by_two_statements(in_aurora, aurora_store):
    address = ShippingAddress(first_name="Ada", line1="1 Canal Street", country_id="GB")
    order = an_order("A-1", shipping_address=address)
    lines = lines_of(order, "Cup", "Plate", "Bowl")
    insert_all([an_order("A-0")])  # asks what the sequence is called
    insert_all([ShippingAddress(country_id="GB"), *lines_of(Order.objects.get(), "Jug")])

    with CaptureQueriesContext(connection) as queries:
        insert_all([address, order, *lines])

    assert len(queries) == 2
    written = Order.objects.get(number="A-1")
    assert (written, written.shipping_address.first_name, written.total_incl_tax) == (order, "Ada", 10)
    assert (written.date_placed, written.store) == (order.date_placed, aurora_store)
    found = list(written.lines.order_by("pk").values_list("pk", "title", "quantity", "receipt", "unit_cost"))
    assert found == [(line.pk, line.title, line.quantity, {"n": line.quantity}, None) for line in lines]


def test_what_was_written_is_as_if_it_had_been_saved(in_aurora, aurora):
    location = Location(name="Main", code="other")

    insert_all([location])

    assert (location.merchant_id, location._state.adding, location._state.db) == (aurora.pk, False, "default")
    location.name = "Other"
    location.save()
    assert Location.objects.get(code="other") == location
    assert Location.objects.get(code="other").name == "Other"


def test_one_row_is_written_by_one_statement(in_aurora):
    order = an_order("A-1")

    with CaptureQueriesContext(connection) as queries:
        insert(order)

    assert len(queries) == 1
    assert (Order.objects.get(number="A-1"), order._state.adding) == (order, False)


def test_only_the_fields_that_are_named_are_written_again(in_aurora):
    order = an_order("A-1")
    insert(order)
    order.status, order.currency = "Paid", "EUR"

    update(order, "status")

    order.refresh_from_db()
    assert (order.status, order.currency) == ("Paid", "GBP")


def test_a_row_that_is_gone_is_not_updated(in_aurora):
    order, told = an_order("A-1"), []
    insert(order)
    Order.objects.all().delete()

    def after(**said):
        told.append(said)

    post_save.connect(after, sender=Order)
    try:
        with pytest.raises(DatabaseError):
            update(order, "status")
    finally:
        post_save.disconnect(after, sender=Order)

    assert (told, Order.objects.count()) == ([], 0)


def test_who_listens_is_told_before_and_after(in_aurora):
    orders, told = [an_order("A-1"), an_order("A-2")], []

    def before(instance, **said):
        told.append(("before", instance.number, said["update_fields"]))

    def after(instance, created, **said):
        told.append(("after", instance.number, created))

    pre_save.connect(before, sender=Order)
    post_save.connect(after, sender=Order)
    try:
        insert_all([orders[0]])
        insert(orders[1])
        update(orders[0], "status")
    finally:
        pre_save.disconnect(before, sender=Order)
        post_save.disconnect(after, sender=Order)

    assert told == [
        *[("before", "A-1", None), ("after", "A-1", True)],
        *[("before", "A-2", None), ("after", "A-2", True)],
        *[("before", "A-1", frozenset({"status"})), ("after", "A-1", False)],
    ]


def test_the_database_s_refusal_writes_nothing(in_aurora):
    insert_all([an_order("A-1")])
    order = an_order("A-1")

    with pytest.raises(IntegrityError), transaction.atomic():
        insert_all([order, *lines_of(order, "Cup")])

    assert (Order.objects.count(), Line.objects.count()) == (1, 0)


def test_an_object_that_points_to_what_is_not_written_is_an_error(in_aurora):
    order = an_order("A-1")

    with pytest.raises(ValueError, match="unsaved related object"):
        insert_all(lines_of(order, "Cup"))

    assert not Line.objects.exists()


def test_what_is_written_is_the_merchant_s_alone(in_aurora, aurora_store, lumen):
    order = an_order("A-1")
    line = Line(order=order, product=a_product("Cup", aurora_store), quantity=1, **SOLD)
    price = LinePrice(order=order, line=line, quantity=1, price_incl_tax=5, price_excl_tax=4)

    insert_all([order, line, price])

    assert (Order.objects.count(), Line.objects.count(), LinePrice.objects.count()) == (1, 1, 1)
    with merchant_scope(lumen.pk):
        assert [model.objects.count() for model in (Order, Line, LinePrice)] == [0, 0, 0]

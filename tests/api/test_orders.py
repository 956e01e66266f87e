"""Own orders by the API, with what was sent and cancelled of them."""

import pytest

from shop.fulfilment.actions.cancelling import cancel_parts
from shop.fulfilment.actions.shipping import Parcel, deliver, ship_parts
from tests.api.machine import problem
from tests.fulfilment.orders import part_of, placed_on_invoice
from tests.queries import counted_queries
from tests.trade import a_buyer, open_for_trade

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


def test_an_order_shows_its_parcels_and_what_is_cancelled(machine, store, buyer):
    order = placed_on_invoice(store, ("Cup", 5), buyer=buyer)
    line = order.lines.get()
    ship_parts(order, part_of(line, 2), Parcel("Royal Mail", "RM1", "https://track.example/RM1"), by=None)
    cancel_parts(order, part_of(order.lines.get(), 1), by=None)

    shown = machine.get(f"orders/{order.number}/").json()

    assert shown["status"] == "Partly shipped"
    quantities = {name: shown["lines"][0][name] for name in ("quantity", "quantity_shipped", "quantity_cancelled")}
    assert quantities == {"quantity": 5, "quantity_shipped": 2, "quantity_cancelled": 1}
    assert shown["cancelled_incl_tax"] == f"{order.cancelled_incl_tax:.2f}"
    (parcel,) = shown["shipments"]
    assert parcel.pop("shipped_at")
    assert parcel == {
        "number": 1,
        "delivered_at": None,
        "carrier": "Royal Mail",
        "tracking_number": "RM1",
        "tracking_url": "https://track.example/RM1",
        "lines": [{"product": line.product_id, "title": "Cup", "upc": line.upc, "quantity": 2}],
    }
    deliver(order.shipments.get(), by=None)
    assert machine.get(f"orders/{order.number}/").json()["shipments"][0]["delivered_at"]


def test_an_order_takes_as_many_queries_for_one_parcel_as_for_three(machine, store, buyer):
    order = placed_on_invoice(store, ("Cup", 5), buyer=buyer)
    counts = []

    for _ in range(3):
        ship_parts(order, part_of(order.lines.get(), 1), Parcel(), by=None)
        with counted_queries() as counted:
            machine.get(f"orders/{order.number}/")
        counts.append(len(counted))

    assert counts[1] == counts[2]


def test_a_strangers_parcels_are_not_found(machine, store):
    order = placed_on_invoice(store, buyer=a_buyer())
    ship_parts(order, part_of(order.lines.get(), 1), Parcel(), by=None)

    assert problem(machine.get(f"orders/{order.number}/")) == (404, "about:blank")

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shop.checkout.actions import place_order
from shop.costs.actions import Parts, note_cost
from shop.costs.errors import CostRefused
from shop.costs.models import UnitCost
from shop.staff.roles import POWERS, Role
from shop.stores.scope import merchant_scope
from tests.api.machine import V1
from tests.checkout.shopper import Shopper
from tests.goods import a_product
from tests.trade import a_basket, a_buyer, a_purchase, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


@pytest.fixture
def record(store):
    return a_product("Cup", store).stockrecords.get()


def test_a_cost_is_landed_with_all_its_parts(record):
    cost = note_cost(record, Parts(D("4.1234"), D("0.5"), D("0.2"), D("0.1")), currency="EUR", by=None)

    assert (cost.landed, cost.currency) == (D("4.9234"), "EUR")


def test_the_cost_of_a_moment_is_the_last_that_was_valid_then(record):
    now = timezone.now()
    for days, purchase in ((-10, "4"), (-5, "5"), (-5, "5.5"), (5, "6")):
        note_cost(record, Parts(D(purchase)), currency="GBP", by=None, valid_from=now + timedelta(days=days))

    def at(days: int) -> list[Decimal]:
        found = UnitCost.objects.at(now + timedelta(days=days), of=[record.pk])
        return [cost.landed for cost in found.values()]

    assert [at(days) for days in (-11, -10, -5, 0, 5)] == [[], [D("4")], [D("5.5")], [D("5.5")], [D("6")]]


@pytest.mark.parametrize("purchase", ["-1", "NaN", "1.23456", "1e9"])
def test_absurd_costs_are_refused(record, purchase):
    with pytest.raises(CostRefused):
        note_cost(record, Parts(D(purchase)), currency="GBP", by=None)
    with pytest.raises(CostRefused, match="currency"):
        note_cost(record, Parts(D("1")), currency="XYZ", by=None)
    assert not UnitCost.objects.exists()


def test_an_order_line_keeps_the_cost_of_its_moment(store, record):
    note_cost(record, Parts(D("4"), D("0.5")), currency="GBP", by=None)
    plate = a_product("Plate", store)

    lines = place_order(a_basket(store, (record.product, 1), (plate, 1)), a_purchase(store)).lines.order_by("pk")
    note_cost(record, Parts(D("9")), currency="GBP", by=None)

    assert [(line.unit_cost, line.cost_currency) for line in lines] == [(D("4.5"), "GBP"), (None, "")]


def test_no_buyer_is_shown_a_cost(store, record):
    note_cost(record, Parts(D("4.3217")), currency="GBP", by=None)
    ann = a_buyer()
    shopper = Shopper(store, signed_in_as=ann)
    order = place_order(a_basket(store, (record.product, 1), owner=ann), a_purchase(store, buyer=ann))
    assert order.lines.get().unit_cost == D("4.3217")

    paths = ["/catalogue/", record.product.get_absolute_url(), "/basket/", f"/accounts/orders/{order.number}/"]
    paths += [f"{V1}products/{record.product_id}/", f"{V1}orders/{order.number}/"]
    for path in paths:
        answer = shopper.client.get(path)
        assert answer.status_code == 200, path
        assert "4.3217" not in answer.content.decode()


def test_owners_and_analysts_may_see_costs_and_nobody_else():
    may = {role for role, powers in POWERS.items() if "costs.view_unitcost" in powers.all()}
    assert may == {Role.OWNER, Role.ANALYST}


# The stranger


def test_another_merchants_costs_are_unknown(record, lumen):
    note_cost(record, Parts(D("4")), currency="GBP", by=None)
    with merchant_scope(lumen.pk):
        assert UnitCost.objects.at(timezone.now(), of=[record.pk]) == {}

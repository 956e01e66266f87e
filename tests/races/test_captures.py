"""Money that was set aside at a gateway, while one clerk takes it and another lets it go, or does so with its order."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest

from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.draining import drain_all
from shop.payments.gateways import calls
from shop.payments.gateways.models import GatewayPayment
from shop.payments.gateways.polling import poll
from shop.payments.ledger import balance_of
from shop.review.actions import set_rule
from shop.stores.models import Merchant
from shop.stores.scope import merchant_scope, own_scope, remembered_merchant
from tests.inventory.stocked import adds_up
from tests.paying import Till, open_till

from .test_clerks import Pair, clerks, race  # noqa: F401 - fixtures
from .test_stock import merchant_id  # noqa: F401 - a fixture

pytestmark = pytest.mark.data

PAIRS = [("capture", "cancel"), ("capture", "let go"), ("capture", "capture"), ("capture", "ship")]
PAIRS += [("ship", "cancel"), ("ship", "let go")]
TIMES = 2
WHOLE, NOTHING = Decimal("35.00"), Decimal("0.00")


@pytest.fixture
def till(merchant_id, gateway) -> Iterator[Till]:  # noqa: F811
    """It takes the money when the goods are sent."""
    with merchant_scope(merchant_id):
        merchant = Merchant.objects.get(pk=merchant_id)
    till = open_till(merchant, gateway)
    with merchant_scope(merchant_id):  # all orders are paid by one card: held, none of them would be sent
        set_rule(till.store, "velocity", is_on=False, options={}, by=None)
    with remembered_merchant(merchant_id):
        till.take_when_sent()
        yield till


@pytest.fixture
def at_once(till, race, gateway, settings) -> Callable[..., tuple[list[tuple[Pair, Order]], list[int]]]:  # noqa: F811
    """A function that has the two clerks do each pair of deeds to an order of its own, on a server with this
    environment; gives the orders, and the answers that were no redirects."""

    def run(pairs: list[Pair], **environ: str) -> tuple[list[tuple[Pair, Order]], list[int]]:
        orders = [(pair, set_aside(till)) for pair in pairs]
        environ |= {"TEST_GATEWAY_URL": gateway.origin, "SEALING_KEYS": ",".join(settings.SEALING_KEYS)}
        return orders, race(orders, **environ)

    return run


def set_aside(till: Till) -> Order:
    """An order of three cups, whose money the gateway keeps for us."""
    payment = till.paid(till.order(quantity=3))
    calls.look(payment)
    return payment.order


def at_the_gateway(payment: GatewayPayment) -> tuple[Decimal, Decimal]:
    """What was taken there and given back, by its own account."""
    facts = calls.look(payment).facts
    taken, returned = (sum((f.amount for f in facts if f.kind == kind), NOTHING) for kind in ("capture", "refund"))
    return taken, returned


def test_it_is_taken_once_or_let_go_and_the_gateway_says_the_same(till, at_once):
    orders, unexpected = at_once(PAIRS * TIMES)
    drain_all()
    poll()

    assert set(unexpected) <= {200}
    for pair, order in orders:
        payment = till.payment(order)
        taken, returned = at_the_gateway(payment)
        with own_scope():
            balance, status = balance_of(order), OrderStatus(Order.objects.get(pk=order.pk).status)
        assert (balance.captured, balance.refunded) == (taken, returned), pair
        assert taken in ((WHOLE,) if set(pair) <= {"capture", "ship"} else (NOTHING, WHOLE)), pair
        if status == OrderStatus.CANCELLED:
            assert taken == returned, pair
        else:
            assert returned == NOTHING, pair
        if pair == ("capture", "ship"):
            assert status == OrderStatus.SHIPPED
        if status == OrderStatus.SHIPPED:
            assert taken == WHOLE, pair
    with own_scope():
        assert adds_up()

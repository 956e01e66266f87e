import pytest

from shop.checkout.actions import place_order
from shop.order.models import Order
from shop.outbox.draining import drain_all
from shop.stores.models import Store
from tests.goods import a_product
from tests.trade import a_basket, a_purchase, open_for_trade


@pytest.fixture
def store(aurora_store: Store) -> Store:
    return open_for_trade(aurora_store)


@pytest.fixture
def order(store: Store) -> Order:
    """A guest's, of two cups; what followed it is in the outbox of Django's mail."""
    placed = place_order(a_basket(store, (a_product("Cup & saucer", store, price="3.33"), 2)), a_purchase(store))
    drain_all()
    return placed

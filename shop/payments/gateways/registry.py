"""Every gateway there is, and the one that a store has set up."""

from shop.stores.models import Store

from ..models import StorePaymentMethod
from .contract import Gateway
from .errors import NotConfigured
from .paypal import PayPal
from .stripe import Stripe
from .test_gateway import TestGateway

GATEWAYS: dict[str, type[Gateway]] = {gateway.code: gateway for gateway in (Stripe, PayPal, TestGateway)}


def gateway_of(store: Store | int, code: str) -> Gateway:
    """With the store's keys of today, whether or not it still offers it. Raises `NotConfigured`, `SealBroken`."""
    pk = store if isinstance(store, int) else store.pk
    row = StorePaymentMethod.objects.filter(store_id=pk, code=code).first() if code in GATEWAYS else None
    if row is None:
        raise NotConfigured(code)
    return GATEWAYS[code](row.known)

"""Every gateway there is, and the one that a store has set up."""

import logging

from shop.stores.models import Store

from ..errors import SealBroken
from ..models import StorePaymentMethod
from .contract import Gateway
from .errors import NotConfigured
from .paypal import PayPal
from .stripe import Stripe
from .test_gateway import TestGateway

logger = logging.getLogger(__name__)

GATEWAYS: dict[str, type[Gateway]] = {gateway.code: gateway for gateway in (Stripe, PayPal, TestGateway)}


def gateway_of(store: Store | int, code: str) -> Gateway:
    """With the store's keys of today, whether or not it still offers it. Raises `NotConfigured`."""
    pk = store if isinstance(store, int) else store.pk
    row = StorePaymentMethod.objects.filter(store_id=pk, code=code).first() if code in GATEWAYS else None
    if row is None:
        raise NotConfigured(code)
    try:
        return GATEWAYS[code](row.known)
    except SealBroken as error:
        logger.error("The keys of %s in store %s can't be opened: SEALING_KEYS lacks theirs.", code, pk)
        raise NotConfigured(code) from error

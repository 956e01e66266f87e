"""The application as it is, but whoever does something to an order or to its payment locks neither, and takes a moment
between looking and writing."""

from time import sleep
from typing import Any

from django.db.models import QuerySet

from config.wsgi import application
from shop.order import locks as of_orders
from shop.order.models import Order
from shop.payments.gateways import locks as of_payments
from shop.payments.gateways.models import GatewayPayment

__all__ = ["application"]

MOMENT_S = 0.1


class Unlocked(QuerySet):
    def get(self, *args: Any, **kwargs: Any) -> Any:
        found = super().get(*args, **kwargs)
        sleep(MOMENT_S)
        return found


of_orders.orders = lambda: Unlocked(Order).order_by("pk")
of_payments.payments = lambda: Unlocked(GatewayPayment).order_by("pk")

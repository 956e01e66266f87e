"""What a buyer is written about an order."""

from typing import Any

from django.urls import reverse
from oscar.apps.order.utils import OrderDispatcher

from shop.communication.writing import writing_for
from shop.order.models import Order
from shop.payments.offers import instructions_for


def send_order_placed(order: Order) -> None:
    """Confirm an order (loaded as `with_all_shown`), in its store's name, language and theme."""
    with writing_for(order.store):
        OrderDispatcher().send_order_placed_email_for_user(order, order_context(order))


def order_context(order: Order) -> dict[str, Any]:
    """What the letter's templates are given; `status_url` leads to the order, a guest without an account."""
    if order.user_id:
        path = reverse("customer:order", kwargs={"order_number": order.number})
    else:
        path = reverse("customer:anon-order", args=[order.number, order.verification_hash()])
    return {
        "order": order,
        "lines": order.lines.all(),
        "user": order.user,
        "instructions": instructions_for(order),
        "status_url": order.store.origin + path,
    }

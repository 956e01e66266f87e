"""What follows an order."""

from celery import shared_task

from shop.order.models import Order
from shop.stores.tasks import MerchantTask

from .letters import send_order_placed


@shared_task(base=MerchantTask)
def confirm_order(order_id: int) -> None:
    """Write to the buyer that the order has come in."""
    send_order_placed(Order.objects.with_all_shown().select_related("store__site").get(pk=order_id))

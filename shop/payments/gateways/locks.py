"""Row locks of payments by gateway: the order first (`shop.order.locks`), then its payment, in a transaction."""

from django.db.models import QuerySet

from .models import GatewayPayment


def payments() -> QuerySet[GatewayPayment]:
    return GatewayPayment.objects.order_by("pk").select_for_update(of=("self",), no_key=True)

"""What a gateway is asked when a payment begins."""

from django.urls import reverse

from .contract import PaymentRequest
from .models import GatewayCustomer, GatewayPayment


def request_for(payment: GatewayPayment) -> PaymentRequest:
    """The same each time it is asked for the same payment: gateways compare it when a call is repeated."""
    order, store = payment.order, payment.store
    whose = {"store": store, "gateway": payment.gateway, "buyer": order.user}
    known = GatewayCustomer.objects.filter(**whose).first() if order.user_id else None
    back = reverse("paying:return", args=[order.number, order.verification_hash()])
    return PaymentRequest(
        order_number=order.number,
        amount=payment.amount,
        currency=payment.currency,
        captures_later=payment.captures_later,
        return_url=store.origin + back,
        webhook_url=store.origin + reverse("webhooks:receive", args=[payment.gateway]),
        email=order.email or "",
        keeps_customer=order.user_id is not None,
        customer=known.reference if known else "",
        language=store.language,
    )

"""What the rules need to know of an order, loaded once."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db.models import Count, Q
from django.utils import timezone

from shop.order.models import Order
from shop.payments.gateways.models import GatewayPayment

from .contract import Signals
from .models import EntryKind, ListEntry, Verdict

WINDOW = timedelta(hours=1)


def signals_of(order: Order) -> Signals:
    """Of the order and its last payment by a gateway, if it has one."""
    payment = order.gateway_payments.first()
    network, card = (str(payment.network or ""), payment.fingerprint) if payment else ("", "")
    email = (order.email or "").lower()
    found = list(entries_for(order, email=email, network=network, card=card))
    return Signals(
        amount=order.total_incl_tax,
        currency=order.currency,
        email=email,
        network=network,
        card=card,
        billing_country=order.billing_address.country_id if order.billing_address else "",
        shipping_country=order.shipping_address.country_id if order.shipping_address else "",
        risk=payment.risk if payment else None,
        attempts=_attempts(order, email=email, network=network, card=card),
        blocked=tuple(entry.value for entry in found if entry.verdict == Verdict.BLOCK),
        allowed=tuple(entry.value for entry in found if entry.verdict == Verdict.ALLOW),
    )


def entries_for(order: Order, *, email: str, network: str, card: str) -> Iterable[ListEntry]:
    """Those of the store's list that the order meets."""
    named = Q(kind=EntryKind.EMAIL, value=email) | Q(kind=EntryKind.DOMAIN, value=email.rpartition("@")[2])
    named |= Q(kind=EntryKind.CARD, value=card)
    for entry in ListEntry.objects.filter(named | Q(kind=EntryKind.NETWORK), store_id=order.store_id):
        if entry.kind != EntryKind.NETWORK or is_within(network, entry.value):
            yield entry


def is_within(address: str, network: str) -> bool:
    return bool(address) and ip_address(address) in ip_network(network)


def _attempts(order: Order, *, email: str, network: str, card: str) -> dict[str, int]:
    """Orders of the store within the window, by each sign that is known."""
    since = timezone.now() - WINDOW
    recent = GatewayPayment.objects.filter(store_id=order.store_id, started_at__gte=since)
    same = {
        "network": recent.filter(network=network) if network else recent.none(),
        "card": recent.filter(fingerprint=card) if card else recent.none(),
    }
    begun = {name: rows.aggregate(count=Count("order", distinct=True))["count"] for name, rows in same.items()}
    return {"email": _orders_of(order, email, since=since), **begun}


def _orders_of(order: Order, email: str, *, since: datetime) -> int:
    """How many orders of this address were placed within the window around this one, or begun to be paid lately. Who
    orders for a company is known, and may order all day."""
    if not email or order.company_id:
        return 0
    around = (order.date_placed - WINDOW, order.date_placed + WINDOW)
    near = Q(date_placed__range=around) | Q(gateway_payments__started_at__gte=since)
    theirs = Order.objects.for_store(order.store).filter(Q(guest_email__iexact=email) | Q(user__email=email))
    return theirs.filter(near).distinct().count()

"""Setting what delivery costs."""

from decimal import Decimal

from shop.stores.models import Store

from .models import DeliveryRate


def set_rate(
    store: Store,
    code: str,
    *,
    name: str,
    charge: Decimal,
    currency: str | None = None,
    free_from: Decimal | None = None,
    description: str = "",
    position: int = 0,
) -> DeliveryRate:
    """Offer a way of delivery, or change what the one of this code costs; in the store's own currency or another."""
    values = {"name": name, "charge": charge, "free_from": free_from, "description": description, "position": position}
    rate, _ = DeliveryRate.objects.update_or_create(
        store=store, currency=currency or store.currency, code=code, defaults=values
    )
    return rate

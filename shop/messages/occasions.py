"""What a message is about and to whom: all that its variables are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.order.models import Order
from shop.recommendations.models import Habit
from shop.stores.models import Store


@dataclass(frozen=True)
class Recipient:
    """Somebody with an account, or a guest who is known by an e-mail address only."""

    email: str
    user: User | None = None
    name: str = ""
    """How to greet them; empty where nobody knows."""


@dataclass(frozen=True)
class Occasion:
    store: Store
    recipient: Recipient
    order: Order | None = None
    """Loaded as `with_all_shown`."""
    product: Product | None = None
    habits: tuple[Habit, ...] = ()
    """Of what is due, with their products."""
    payload: Mapping[str, Any] = field(default_factory=dict)
    """The event's."""
    unsubscribe_link: str = ""
    """Empty for what must be sent."""


def buyer_of(order: Order) -> Recipient:
    """Whoever placed an order (loaded as `with_all_shown`)."""
    if order.user:
        return Recipient(order.user.email, order.user, order.user.get_full_name())
    address = order.billing_address or order.shipping_address
    return Recipient(order.guest_email, name=address.name if address else "")

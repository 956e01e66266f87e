"""Those who may hold an order because of its payment. They know of payments, so payments don't know them: the settings
name them."""

from collections.abc import Iterable

from django.utils.module_loading import import_string

from shop.order.models import Order


def ask(judges: Iterable[str], order: Order, *said: str) -> None:
    for name in judges:
        import_string(name)(order, *said)

"""From Oscar's signals to actions."""

from typing import Any

from django.dispatch import receiver
from oscar.apps.customer.signals import user_registered

from .actions import adopt_guest_orders


@receiver(user_registered)
def give_guest_orders(user: Any, **kwargs: Any) -> None:
    adopt_guest_orders(user)

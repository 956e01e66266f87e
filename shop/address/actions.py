"""Keeping a buyer's address book."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from shop.accounts.models import User

from .copies import copied
from .models import UserAddress


def remember_address(buyer: User, address: Any) -> None:
    """Put a delivery address into the buyer's book, or count that it was used once more."""
    entry = copied(address, UserAddress)
    entry.user = buyer
    known = UserAddress.objects.filter(user=buyer, hash=entry.generate_hash())
    if known.update(num_orders_as_shipping_address=F("num_orders_as_shipping_address") + 1):
        return
    entry.num_orders_as_shipping_address = 1
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError:
        pass  # the buyer's other order, placed at this moment, put it there

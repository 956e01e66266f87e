"""Opening and closing a customer's account, as far as orders are concerned."""

from django.db import transaction

from shop.accounts.models import User
from shop.audit.actions import record
from shop.companies.actions.people import forget_person
from shop.order.models import Order

from .errors import StaffAccount


def adopt_guest_orders(buyer: User) -> int:
    """Give a new account the orders that its owner placed as a guest; returns how many.

    Only right where the address is proved, as it is by the link with which an account is opened: anybody can type
    anybody's address into an order.
    """
    return Order.objects.of_guests().filter(guest_email=buyer.email).update(user=buyer)


@transaction.atomic
def close_account(user: User) -> None:
    """Delete an account with its addresses, baskets, lists and letters. Raises `StaffAccount`, and `LastAdmin` of a
    company.

    Its orders stay, as the law asks, with the address that they were confirmed to.
    """
    if user.is_staff or user.is_superuser or user.groups.exists():
        raise StaffAccount
    forget_person(user)
    Order.objects.of_buyer(user).update(guest_email=user.email, user=None)
    record("account.closed", by=user, target=user)
    user.delete()

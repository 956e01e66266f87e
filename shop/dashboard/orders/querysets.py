"""The orders, and of them the lines, that somebody may see."""

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404

from shop.accounts.models import User
from shop.order.models import Line, Order
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest

from ..stores import shown_reach

SEES, CHANGES, NOTES = "order.view_order", "order.change_order", "order.change_ordernote"


def orders_shown(request: StaffRequest) -> QuerySet[Order]:
    """Those of the chosen store, or of all within reach."""
    return shown_reach(request, SEES).within(with_what_is_shown(Order.objects.all()))


def orders_reached(user: User, permission: str = SEES) -> QuerySet[Order]:
    """Those of any store within reach: who follows a link need not choose the store first."""
    return reach_of(user, permission).within(with_what_is_shown(Order.objects.all()))


def order_or_404(user: User, number: str, permission: str = SEES) -> Order:
    return get_object_or_404(orders_reached(user, permission), number=number)


def order_to_change(user: User, number: str) -> Order:
    return order_or_404(user, number, CHANGES)


def order_to_note(user: User, number: str) -> Order:
    return order_or_404(user, number, NOTES)


def with_what_is_shown(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.select_related(
        "billing_address__country", "shipping_address__country", "user", "company", "unit", "store"
    )


def orders_supplied(user: User) -> QuerySet[Order]:
    """Orders with a line that this supplier delivers; `own_lines` are those lines, and the others stay unseen."""
    lines = Line.objects.filter(partner__users=user)
    return (
        Order.objects.filter(pk__in=lines.values("order"))
        .select_related("shipping_address__country", "store")
        .prefetch_related(Prefetch("lines", queryset=lines.order_by("pk"), to_attr="own_lines"))
        .order_by("-date_placed")
    )

"""The orders, and of them the lines, that somebody may see."""

from django.db.models import Prefetch, QuerySet

from shop.accounts.models import User
from shop.order.models import Line, Order
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest

from ..stores import shown_reach


def orders_shown(request: StaffRequest) -> QuerySet[Order]:
    """Those of the chosen store, or of all within reach."""
    return shown_reach(request, "order.view_order").within(with_what_is_shown(Order.objects.all()))


def orders_reached(user: User) -> QuerySet[Order]:
    """Those of any store within reach: who follows a link need not choose the store first."""
    return reach_of(user, "order.view_order").within(with_what_is_shown(Order.objects.all()))


def with_what_is_shown(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.select_related(
        "billing_address__country", "shipping_address__country", "user", "company", "unit", "store"
    ).prefetch_related("lines", "status_changes")


def orders_supplied(user: User) -> QuerySet[Order]:
    """Orders with a line that this supplier delivers; `own_lines` are those lines, and the others stay unseen."""
    lines = Line.objects.filter(partner__users=user)
    return (
        Order.objects.filter(pk__in=lines.values("order"))
        .select_related("shipping_address__country", "store")
        .prefetch_related(Prefetch("lines", queryset=lines.order_by("pk"), to_attr="own_lines"))
        .order_by("-date_placed")
    )

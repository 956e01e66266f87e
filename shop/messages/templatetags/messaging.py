"""`{% messages_of_order order %}`, `{% messages_of_customer customer %}`: what was written, for staff's pages."""

from typing import Any

from django import template

from shop.accounts.models import User
from shop.messages.dashboard.record import messages_seen
from shop.order.models import Order

register = template.Library()
MOST = 50


@register.inclusion_tag("dashboard/messages_written.html", takes_context=True)
def messages_of_order(context: Any, order: Order) -> dict[str, Any]:
    return {"written": messages_seen(context["request"]).about(order)[:MOST]}


@register.inclusion_tag("dashboard/messages_written.html", takes_context=True)
def messages_of_customer(context: Any, customer: User) -> dict[str, Any]:
    return {"written": messages_seen(context["request"]).of_customer(customer)[:MOST]}

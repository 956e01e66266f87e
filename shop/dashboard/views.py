"""The first page, and the choice of a store."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView
from oscar.apps.dashboard.views import *  # noqa: F403 - Oscar's other views look for their mixins here

from shop.accounts.views.frame import safe_path
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.partner.models import StockRecord
from shop.partner.querysets import LOW
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest
from shop.stores.keys import key_in

from .stores import SESSION_KEY, shown_reach
from .waiting import waiting_for


class IndexView(TemplateView):
    """How the stores within reach are doing. Each figure is shown to those who may see what it counts."""

    request: StaffRequest

    def get_template_names(self) -> list[str]:
        is_supplier = not self.request.user.has_perm("staff.use_dashboard")
        return ["dashboard/supplier.html" if is_supplier else "oscar/dashboard/index.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user, context = self.request.user, super().get_context_data(**kwargs)
        if not user.has_perm("staff.use_dashboard"):
            lines = Line.objects.filter(partner__users=user)
            return {**context, "lines": lines.select_related("order").order_by("-order__date_placed", "-pk")[:20]}
        if user.has_perm("order.view_order"):
            context |= _sales(shown_reach(self.request, "order.view_order").within(Order.objects.all()))
        elif user.has_perm("analytics.view_userrecord"):
            context |= _sales(shown_reach(self.request, "analytics.view_userrecord").within(Order.objects.all()))
            context.pop("latest_orders")
        context["waiting"] = waiting_for(self.request)
        if user.has_perm("partner.view_stockalert"):
            context["num_low"] = StockRecord.objects.counted().with_left().filter(LOW).count()
        return context


@require_POST
def choose_store(request: StaffRequest) -> HttpResponse:
    """Narrow the dashboard to one store, or show all within reach again."""
    chosen = key_in(request.POST.get("store", ""))
    request.session.pop(SESSION_KEY, None)
    if reach_of(request.user, "staff.use_dashboard").stores().filter(pk=chosen).exists():
        request.session[SESSION_KEY] = chosen
    return redirect(safe_path(request, request.POST.get("next")) or "dashboard:index")


def _by_status(orders: QuerySet[Order]) -> list[dict[str, Any]]:
    """How many orders are in each state that some are in, as an order passes through them."""
    counts = dict(orders.order_by().values_list("status").annotate(Count("pk")))
    return [{"status": s.value, "label": s.label, "count": counts[s]} for s in OrderStatus if s in counts]


def _sales(orders: QuerySet[Order]) -> dict[str, Any]:
    """Turnover less what was cancelled, by currency, since amounts of two don't add up."""
    day_ago = timezone.now() - timedelta(days=1)

    def turnover(queryset: QuerySet[Order]) -> list[dict[str, Any]]:
        totals = queryset.order_by("currency").values("currency")
        return list(totals.annotate(count=Count("pk"), total=Sum(F("total_incl_tax") - F("cancelled_incl_tax"))))

    return {
        "last_day": turnover(orders.filter(date_placed__gt=day_ago)),
        "all_time": turnover(orders),
        "statuses": _by_status(orders),
        "latest_orders": orders.select_related("user", "store").order_by("-date_placed")[:8],
    }

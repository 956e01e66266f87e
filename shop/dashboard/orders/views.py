"""Orders of the stores within reach; a supplier's pages show their own lines and where these go."""

from typing import Any

from django.db.models import Count, F, Prefetch, QuerySet, Sum
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_GET
from django.views.generic import DetailView, ListView
from oscar.apps.dashboard.orders import views as oscars
from oscar.core.loading import get_model

from shop.audit.actions import record
from shop.fulfilment import rules
from shop.fulfilment.actions.shipping import why_not_ship
from shop.fulfilment.errors import NotCovered
from shop.fulfilment.models import Cancellation, CancelledLine, Shipment, ShipmentLine
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.payments.ledger import balance_of, balances_of
from shop.staff.requests import StaffRequest

from ..lists import FoundList
from ..stores import shown_reach
from .bulk import BULK
from .exports import WRITERS, download
from .filters import OrderFilterForm
from .forms import NoteForm
from .money import payment_of
from .querysets import SEES, order_or_404, order_to_change, orders_shown, orders_supplied
from .timeline import timeline_of

ShippingAddress = get_model("order", "ShippingAddress")
LINES_SHOWN = 50
MONEY_PANELS = ["dashboard/order_money.html", "dashboard/order_balance.html"]
"""The payments' own panel where there is one, or else what is due and what is paid."""


class SupplierOrderListView(ListView):
    request: StaffRequest
    template_name = "dashboard/supplier_orders.html"
    context_object_name = "orders"
    paginate_by = 20
    http_method_names = ["get", "head"]

    def get_queryset(self) -> Any:
        return orders_supplied(self.request.user)


class SupplierOrderView(DetailView):
    request: StaffRequest
    template_name = "dashboard/supplier_order.html"
    context_object_name = "order"
    slug_field = slug_url_kwarg = "number"
    http_method_names = ["get", "head"]

    def get_queryset(self) -> Any:
        return orders_supplied(self.request.user)


class OrderListView(FoundList):
    form: OrderFilterForm
    template_name = "dashboard/orders.html"
    context_object_name = "orders"

    def dispatch(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(SEES):
            return SupplierOrderListView.as_view()(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Who asks for a whole number is led to that order."""
        self.form = filter_form(request)
        number = self.form.cleaned_data.get("q") if self.form.is_valid() else ""
        if number and orders_shown(request).filter(number=number).exists():
            return redirect("dashboard:order-detail", number)
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Order]:
        return found_orders(self.request, self.form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(bulk=BULK, **kwargs)
        balances = balances_of(context["orders"])
        context["rows"] = [(order, payment_of(balances[order.pk])) for order in context["orders"]]
        return context


@require_GET
def export(request: StaffRequest) -> HttpResponse:
    """All orders that the list's filters find, as a file."""
    written_as = request.GET.get("format", "")
    return download(found_orders(request, filter_form(request)), written_as if written_as in WRITERS else "csv")


def filter_form(request: StaffRequest) -> OrderFilterForm:
    return OrderFilterForm(request.GET, reach=shown_reach(request, SEES))


def found_orders(request: StaffRequest, form: OrderFilterForm) -> QuerySet[Order]:
    return form.narrow(orders_shown(request)).order_by("-date_placed", "-pk")


class OrderStatsView(oscars.OrderStatsView):
    def get_stats(self, filters: dict[str, Any]) -> dict[str, Any]:
        permission = SEES
        if not self.request.user.has_perm(permission):
            permission = "analytics.view_userrecord"
        orders = shown_reach(self.request, permission).within(Order.objects.filter(**filters))
        totals = orders.order_by("currency").values("currency")
        by_status = orders.order_by("status").values_list("status").annotate(Count("id"))
        return {
            "total_orders": orders.count(),
            "total_lines": Line.objects.filter(order__in=orders).count(),
            "turnover": list(totals.annotate(total=Sum(F("total_incl_tax") - F("cancelled_incl_tax")))),
            "order_status_breakdown": [(OrderStatus(status).label, number) for status, number in by_status],
        }


class OrderDetailView(ListView):
    """An order, with a page of its lines: there may be a thousand."""

    request: StaffRequest
    template_name = "dashboard/order.html"
    context_object_name = "lines"
    paginate_by = LINES_SHOWN
    http_method_names = ["get", "head"]

    def dispatch(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(SEES):
            return SupplierOrderView.as_view()(request, *args, **kwargs)
        return super().dispatch(request, *args, **kwargs)

    def get_queryset(self) -> QuerySet[Line]:
        self.order = order_or_404(self.request.user, self.kwargs["number"])
        return (
            self.order.lines.select_related("stockrecord")
            .prefetch_related("attributes", "allocations__location")
            .order_by("pk")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        order, balance, refusal = self.order, balance_of(self.order), why_not_ship(self.order)
        return super().get_context_data(
            order=order,
            may={**may_be(order), "shipped": refusal is None},
            uncovered=refusal if isinstance(refusal, NotCovered) else None,
            balance=balance,
            payment=payment_of(balance),
            money_panels=MONEY_PANELS,
            pieces=order.lines.aggregate(*(Sum(name) for name in ("quantity", "num_shipped", "num_cancelled"))),
            shipments=_with_lines(order.shipments, ShipmentLine),
            cancellations=_with_lines(order.cancellations, CancelledLine),
            notes=order.notes.select_related("user"),
            note_form=NoteForm(),
            review=order.reviews.holding().first(),
            happenings=timeline_of(order),
            **kwargs,
        )


def may_be(order: Order) -> dict[str, bool]:
    """What else may be done with an order in its state."""
    return {
        "cancelled": order.status in rules.CANCELLABLE,
        "held": order.status in rules.HOLDABLE,
        "released": order.status == OrderStatus.HELD,
        "started": order.status in rules.STARTABLE,
    }


def _with_lines(
    deeds: Any, lines: type[ShipmentLine] | type[CancelledLine]
) -> QuerySet[Shipment] | QuerySet[Cancellation]:
    return deeds.prefetch_related(Prefetch("lines", queryset=lines.objects.select_related("line").order_by("pk")))


class ShippingAddressUpdateView(oscars.ShippingAddressUpdateView):
    def get_object(self, queryset: Any = None) -> Any:
        return get_object_or_404(ShippingAddress, order=order_to_change(self.request.user, self.kwargs["number"]))

    def form_valid(self, form: Any) -> HttpResponse:
        response, order = super().form_valid(form), self.object.order
        record("order.address_changed", by=self.request.user, target=order, store=order.store, fields=form.changed_data)
        return response

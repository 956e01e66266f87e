"""Orders of the stores within reach; a supplier's pages show their own lines and where these go."""

from typing import Any

from django.db.models import Count, Sum
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, ListView
from oscar.apps.dashboard.orders import views as oscars
from oscar.core.loading import get_model

from shop.order.models import Line, Order
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest

from ..guards import WritesNeed
from ..spreadsheets import PlainCSVWriter
from ..stores import shown_reach
from .querysets import orders_reached, orders_shown, orders_supplied

ShippingAddress = get_model("order", "ShippingAddress")

NOTES = frozenset({"save_note", "delete_note"})


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


class OrderListView(WritesNeed, oscars.OrderListView):
    write_permission = "order.change_order"
    READING = frozenset({"download_selected_orders"})

    def dispatch(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("order.view_order"):
            return SupplierOrderListView.as_view()(request, *args, **kwargs)
        if request.POST.get("action", "").lower() in self.READING:  # as Oscar reads it
            self.write_permission = "order.view_order"
        return super().dispatch(request, *args, **kwargs)

    @property
    def base_queryset(self) -> Any:
        return orders_shown(self.request).order_by("-date_placed")

    @base_queryset.setter
    def base_queryset(self, value: Any) -> None:
        """Oscar's own choice would be the orders of every store."""

    def download_selected_orders(self, request: StaffRequest, orders: Any) -> HttpResponse:
        response = HttpResponse(content_type="text/csv")
        response["Content-Disposition"] = f"attachment; filename={self.get_download_filename(request)}"
        writer = PlainCSVWriter(open_file=response)
        writer.writerow(self.CSV_COLUMNS.values())
        for order in orders:
            values = self.get_row_values(order)
            writer.writerow([values.get(column, "") for column in self.CSV_COLUMNS])
        return response


class OrderStatsView(oscars.OrderStatsView):
    def get_stats(self, filters: dict[str, Any]) -> dict[str, Any]:
        permission = "order.view_order"
        if not self.request.user.has_perm(permission):
            permission = "analytics.view_userrecord"
        orders = shown_reach(self.request, permission).within(Order.objects.filter(**filters))
        totals = orders.order_by("currency").values("currency")
        return {
            "total_orders": orders.count(),
            "total_lines": Line.objects.filter(order__in=orders).count(),
            "turnover": list(totals.annotate(total=Sum("total_incl_tax"))),
            "order_status_breakdown": orders.order_by("status").values("status").annotate(freq=Count("id")),
        }


class OrderDetailView(WritesNeed, oscars.OrderDetailView):
    """Without Oscar's forms for payment and shipping events, which no payment method of ours hears of."""

    write_permission = "order.change_order"
    order_actions = (*sorted(NOTES), "change_order_status")
    line_actions = ()

    def dispatch(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm("order.view_order"):
            return SupplierOrderView.as_view()(request, *args, **kwargs)
        if request.POST.get("order_action") in NOTES:
            self.write_permission = "order.change_ordernote"
        return super().dispatch(request, *args, **kwargs)

    def get_object(self, queryset: Any = None) -> Order:
        return _order_or_404(self.request, self.kwargs["number"])

    def get_order_lines(self) -> Any:
        return self.object.lines.select_related("product", "partner").order_by("pk")


class LineDetailView(oscars.LineDetailView):
    def get_object(self, queryset: Any = None) -> Line:
        order = _order_or_404(self.request, self.kwargs["number"])
        return get_object_or_404(order.lines, pk=self.kwargs["line_id"])


class ShippingAddressUpdateView(oscars.ShippingAddressUpdateView):
    def get_object(self, queryset: Any = None) -> Any:
        order = _order_or_404(self.request, self.kwargs["number"])
        if not reach_of(self.request.user, "order.change_order").covers(order.store_id):
            raise Http404
        return get_object_or_404(ShippingAddress, order=order)


def _order_or_404(request: StaffRequest, number: str) -> Order:
    return get_object_or_404(orders_reached(request.user), number=number)

"""The account pages: Oscar's, but each shows what is of this store and of its owner."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.views.generic import View
from oscar.apps.customer import views as oscars
from oscar.apps.customer.views import *  # noqa: F403 - Oscar's own, but for those below
from oscar.views.generic import PostActionMixin

from shop.accounts.models import User
from shop.address.models import UserAddress
from shop.fulfilment.actions.cancelling import cancel_own
from shop.fulfilment.errors import FulfilmentRefused
from shop.fulfilment.progress import progress_of
from shop.order.models import Line, Order
from shop.order.querysets import OrderQuerySet
from shop.payments.offers import instructions_for
from shop.quickorder.entries import Entry
from shop.quickorder.views import reviewed


def own_orders(request: HttpRequest) -> OrderQuerySet:
    """The orders in this store that the visitor may see. Those in the merchant's other stores are shown there."""
    return Order.objects.for_store(request.store).visible_to(request.user)  # type: ignore[attr-defined]


class OrderHistoryView(oscars.OrderHistoryView):
    def get_queryset(self) -> QuerySet[Order]:
        found = own_orders(self.request).select_related("company", "user").prefetch_related("lines")
        is_search = self.form.is_bound and self.form.is_valid()
        return found.filter(**self.form.get_filters()) if is_search else found


class OrderDetailView(oscars.OrderDetailView):
    def get_object(self, queryset: Any = None) -> Order:
        return get_object_or_404(own_orders(self.request).with_all_shown(), number=self.kwargs["order_number"])

    def get_page_title(self) -> str:
        return _("Order %(number)s") % {"number": self.object.number}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **what_is_shown(self.object, by=self.request.user))

    def do_cancel(self, order: Order) -> None:
        self.response = cancelled(self.request, order, by=self.request.user)

    def do_reorder(self, order: Order) -> None:
        title = _("Order %(number)s again") % {"number": order.number}
        self.response = reviewed(self.request, [_entry(line) for line in order.lines.all()], title=title)


class OrderLineView(oscars.OrderLineView):
    http_method_names = ["post"]

    def get_object(self, queryset: Any = None) -> Line:
        order = get_object_or_404(own_orders(self.request), number=self.kwargs["order_number"])
        return get_object_or_404(order.lines, pk=self.kwargs["line_id"])

    def do_reorder(self, line: Line) -> None:
        self.response = reviewed(self.request, [_entry(line)], title=_("Order again"))


def what_is_shown(order: Order, *, by: User | None) -> dict[str, Any]:
    """Of an order's way, and of what is left to do, to its buyer or to the guest for None."""
    return {"instructions": instructions_for(order), "progress": progress_of(order, by=by)}


def cancelled(request: HttpRequest, order: Order, *, by: User | None) -> HttpResponse:
    """Cancel an order as its buyer, or say why that can't be; back to the order."""
    try:
        cancel_own(order, by=by)
    except FulfilmentRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Your order is cancelled."))
    return redirect(request.path)


def _entry(line: Line) -> Entry:
    """A line of an order as it is asked for once more."""
    return Entry(
        code=line.partner_sku or line.upc or "",
        quantity=str(line.quantity),
        product_id=line.product_id,
        order_line_id=line.pk,
        title=line.title,
    )


class GuestOrderMixin:
    """A guest's order, for who has the link of the letter and knows the e-mail address that it was sent to.

    The link is signed and can't be guessed; the address is asked for once in each browser, so that a link that was
    passed on or found in a browser's history does not open the order by itself.
    """

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def order(self) -> Order | None:
        orders = Order.objects.for_store(self.request.store).of_guests().with_all_shown()  # type: ignore[attr-defined]
        order = orders.filter(number=self.kwargs["order_number"]).first()
        email = self.request.session.get("anon_order_email") or ""
        if order is None or not order.check_verification_hash(self.kwargs["hash"]):
            return None
        return order if email and constant_time_compare(order.guest_email, email) else None

    def get_object(self, queryset: Any = None) -> Order | None:
        return self.order


class AnonymousOrderFormView(GuestOrderMixin, oscars.AnonymousOrderFormView):
    def form_valid(self, form: Any) -> HttpResponse:
        self.request.session["anon_order_email"] = User.objects.normalize_email(form.cleaned_data["email"])
        return super(oscars.AnonymousOrderFormView, self).form_valid(form) if self.order else self.unknown(form)

    def unknown(self, form: Any) -> HttpResponse:
        form.add_error(None, _("No order was found: check the address, and whether the whole link was copied."))
        return self.form_invalid(form)


class AnonymousOrderDetailView(GuestOrderMixin, PostActionMixin, oscars.AnonymousOrderDetailView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, **what_is_shown(self.object, by=None))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        return super().post(request, *args, **kwargs)

    def do_cancel(self, order: Order) -> None:
        self.response = cancelled(self.request, order, by=None)


class AddressChangeStatusView(View):
    """Makes an address the usual one, by a button: what a link does, other sites can do."""

    def post(self, request: HttpRequest, pk: str, action: str) -> HttpResponse:
        address = get_object_or_404(UserAddress, user=request.user, pk=pk)
        setattr(address, f"is_{action}", True)
        address.save()
        return redirect("customer:address-list")

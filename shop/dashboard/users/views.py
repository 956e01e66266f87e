"""Customers: of the stores within reach, and never a way to sign staff out for good."""

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import View
from oscar.apps.dashboard.users import views as oscars

from shop.accounts.actions import request_password_reset
from shop.accounts.errors import TooManyAttempts
from shop.accounts.models import User
from shop.accounts.views.frame import origin, please_wait, shop_name
from shop.audit.actions import record
from shop.order.models import Order
from shop.staff.requests import StaffRequest

from ..guards import WritesNeed
from ..stores import shown_reach
from .querysets import customers_shown


class IndexView(WritesNeed, oscars.IndexView):
    write_permission = "accounts.manage_customers"

    def get_queryset(self) -> Any:
        customers = customers_shown(self.request).select_related("userrecord").order_by("-date_joined", "pk")
        return self.apply_search(customers)

    def _change_users_active_status(self, users: Any, value: bool) -> HttpResponse:
        """Of customers only: what staff may do is changed on the page of the staff."""
        for user in users:
            if user.staff_memberships.exists():
                messages.error(self.request, _("%(user)s works here: see the staff.") % {"user": user.email})
                continue
            User.objects.filter(pk=user.pk).update(is_active=value)
            action = "account.switched_on" if value else "account.switched_off"
            record(action, by=self.request.user, target=user)
        return redirect("dashboard:users-index")


class UserDetailView(oscars.UserDetailView):
    def get_queryset(self) -> Any:
        orders = shown_reach(self.request, "accounts.see_customers").within(Order.objects.all())
        shown = Prefetch("orders", queryset=orders.prefetch_related("lines", "surcharges"))
        return customers_shown(self.request).prefetch_related(shown, "addresses__country")


class ProductAlertListView(oscars.ProductAlertListView):
    def get_queryset(self) -> Any:
        return super().get_queryset().select_related("product__parent", "user")


class PasswordResetView(View):
    """Send a customer the letter that they could ask for themselves."""

    http_method_names = ["post"]

    def post(self, request: StaffRequest, pk: int) -> HttpResponse:
        customer = customers_shown(request).filter(pk=pk).first()
        if customer is None:
            return redirect("dashboard:users-index")
        try:
            request_password_reset(customer.email, shop=shop_name(request), origin=origin(request))
        except TooManyAttempts as refusal:
            messages.error(request, please_wait(refusal.wait))
        else:
            record("account.password_reset_sent", by=request.user, target=customer)
            messages.success(request, _("A letter with a link to choose a new password is on its way."))
        return redirect("dashboard:user-detail", pk=customer.pk)

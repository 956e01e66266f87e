"""Another e-mail address for an account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import View

from shop.accounts import actions, links
from shop.accounts.errors import LinkRefused, TooManyAttempts
from shop.accounts.forms import NewAddressForm
from shop.accounts.sign_in import confirm_identity
from shop.stores.middleware import holds_no_transaction
from shop.stores.scope import own_scope

from . import frame
from .frame import Page


class NewAddressView(Page, View):
    template_name = "accounts/new_address.html"
    extra_context = {"active_tab": "profile"}

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(form=NewAddressForm(), page_title=_("Change your address"))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = NewAddressForm(request.POST)
        try:
            if form.is_valid() and not confirm_identity(request.user, form.cleaned_data["password"]):
                form.add_error("password", _("That is not your password."))
            if form.errors:
                return self.page(form=form, page_title=_("Change your address"))
            actions.request_new_address(
                request.user,
                form.cleaned_data["email"],
                shop=frame.shop_name(request),
                origin=frame.origin(request),
            )
        except TooManyAttempts as refusal:
            form.add_error(None, frame.please_wait(refusal.wait))
            return self.page(form=form, page_title=_("Change your address"), status=429, wait=refusal.wait)
        messages.info(request, _("Look into the mail of the new address: a link there changes it."))
        return redirect("customer:profile-view")


class ConfirmAddressView(Page, View):
    """Behind the link of the letter: a button, since programs that look through mail follow links."""

    template_name = "accounts/confirm_address.html"
    extra_context = {"active_tab": "profile"}

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            return self.page(
                new=links.claims_of(actions.NEW_ADDRESS, token)["new"], page_title=_("Change your address")
            )
        except LinkRefused:
            return self.page(new=None, status=410, page_title=_("Change your address"))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            with own_scope():
                actions.confirm_new_address(request.user, token, origin=frame.origin(request))
        except LinkRefused:
            return self.page(new=None, status=410, page_title=_("Change your address"))
        messages.success(request, _("Your address is changed."))
        return redirect("customer:profile-view")


new_address = holds_no_transaction(login_required(NewAddressView.as_view()))
confirm_address = holds_no_transaction(login_required(ConfirmAddressView.as_view()))

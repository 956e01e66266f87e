"""Pages that ask for the password once more. They count attempts, so they hold no transaction."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import View

from shop.accounts.actions import set_password
from shop.accounts.errors import TooManyAttempts
from shop.accounts.forms import ConfirmIdentityForm
from shop.accounts.sign_in import confirm_identity
from shop.accounts.views.frame import Page, origin, please_wait
from shop.accounts.views.second_factor import keep_this_session
from shop.companies.errors import LastAdmin
from shop.stores.middleware import holds_no_transaction
from shop.stores.scope import own_scope

from .actions import close_account
from .errors import StaffAccount
from .forms import ChangePasswordForm


class ChangePasswordView(Page, View):
    """Every other session of the account ends."""

    template_name = "oscar/customer/profile/change_password_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.form(ChangePasswordForm(user=request.user))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ChangePasswordForm(request.POST, user=request.user)
        try:
            if form.is_valid() and not confirm_identity(request.user, form.cleaned_data["current"]):
                form.add_error("current", _("That is not your password."))
        except TooManyAttempts as refusal:
            form.add_error("current", please_wait(refusal.wait))
        if form.errors:
            return self.form(form)
        with own_scope():
            set_password(request.user, form.cleaned_data["password"], origin=origin(request))
            keep_this_session(request)
            messages.success(request, _("Your password is changed."))
        return redirect("customer:profile-view")

    def form(self, form: ChangePasswordForm) -> HttpResponse:
        return self.page(form=form, active_tab="profile", page_title=_("Change password"))


class DeleteAccountView(Page, View):
    template_name = "oscar/customer/profile/profile_delete.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.form(ConfirmIdentityForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ConfirmIdentityForm(request.POST)
        try:
            if form.is_valid() and not confirm_identity(request.user, form.cleaned_data["password"]):
                form.add_error("password", _("That is not your password."))
            if form.errors:
                return self.form(form)
            with own_scope():
                close_account(request.user)
                logout(request)
                messages.success(request, _("Your account is deleted."))
        except TooManyAttempts as refusal:
            form.add_error("password", please_wait(refusal.wait))
            return self.form(form)
        except StaffAccount:
            form.add_error(None, _("You work for this store: ask its owner to take back your rights first."))
            return self.form(form)
        except LastAdmin as refusal:
            form.add_error(None, str(refusal))
            return self.form(form)
        return redirect("/")

    def form(self, form: ConfirmIdentityForm) -> HttpResponse:
        return self.page(form=form, active_tab="profile", page_title=_("Delete my account"))


change_password = holds_no_transaction(login_required(ChangePasswordView.as_view()))
delete_account = holds_no_transaction(login_required(DeleteAccountView.as_view()))

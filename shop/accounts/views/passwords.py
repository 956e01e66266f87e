"""A forgotten password."""

from typing import Any

from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.cache import add_never_cache_headers
from django.views.generic import View

from shop.accounts import actions
from shop.accounts.errors import TooManyAttempts
from shop.accounts.forms import EmailForm
from shop.accounts.known_browsers import remember_browser
from shop.stores.middleware import holds_no_transaction

from . import frame
from .frame import Page


class PasswordResetView(Page, View):
    template_name = "oscar/registration/password_reset_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(form=EmailForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = EmailForm(request.POST)
        if not form.is_valid():
            return self.page(form=form)
        try:
            actions.request_password_reset(
                form.cleaned_data["email"], shop=frame.shop_name(request), origin=frame.origin(request)
            )
        except TooManyAttempts as refusal:
            form.add_error(None, frame.please_wait(refusal.wait))
            return self.page(form=form, status=429, wait=refusal.wait)
        return redirect("password-reset-done")


class _PlatformsToo:
    """Django's own pages, in the platform's templates where no store is."""

    request: HttpRequest
    template_name: str

    def get_template_names(self) -> list[str]:
        return frame.template_names(self.request, self.template_name)

    def render_to_response(self, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().render_to_response(*args, **kwargs)  # type: ignore[misc]
        add_never_cache_headers(response)
        return response


class PasswordResetDoneView(_PlatformsToo, auth_views.PasswordResetDoneView):
    template_name = "oscar/registration/password_reset_done.html"


class PasswordResetConfirmView(_PlatformsToo, auth_views.PasswordResetConfirmView):
    """Behind the link of the letter. Nobody is signed in by it: a second factor is asked for as ever."""

    template_name = "oscar/registration/password_reset_confirm.html"
    success_url = reverse_lazy("password-reset-complete")

    def form_valid(self, form: SetPasswordForm) -> HttpResponse:
        actions.set_password(self.user, form.cleaned_data["new_password1"], origin=frame.origin(self.request))
        del self.request.session[auth_views.INTERNAL_RESET_SESSION_TOKEN]
        response = redirect(self.get_success_url())
        remember_browser(response, self.request, self.user.email)
        return response


class PasswordResetCompleteView(_PlatformsToo, auth_views.PasswordResetCompleteView):
    template_name = "oscar/registration/password_reset_complete.html"


password_reset = holds_no_transaction(PasswordResetView.as_view())

"""Opening an account: an address first, a password once the address is proved."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.generic import View
from oscar.apps.customer.signals import user_registered

from shop.accounts import actions, links
from shop.accounts.errors import LinkRefused, TooManyAttempts
from shop.accounts.forms import FinishRegistrationForm, RegistrationForm
from shop.accounts.models import User
from shop.stores.middleware import holds_no_transaction
from shop.stores.scope import own_scope

from . import frame
from .frame import Page


class RegistrationView(Page, View):
    template_name = "oscar/customer/registration.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect("customer:summary")
        initial = {
            "email": request.GET.get("email", ""),
            "redirect_url": frame.safe_path(request, request.GET.get("next")),
        }
        return self.page(form=RegistrationForm(initial=initial))

    def post(self, request: HttpRequest) -> HttpResponse:
        return begin(self, RegistrationForm(request.POST), name="form")


def begin(view: Any, form: RegistrationForm, *, name: str) -> HttpResponse:
    """Send the letter; the page with the form again where that can't be."""
    again = getattr(view, "forms", view.page)
    if not form.is_valid():
        return again(**{name: form})
    request = view.request
    try:
        actions.begin_registration(
            form.cleaned_data["email"],
            shop=frame.shop_name(request),
            origin=frame.origin(request),
            next_path=frame.safe_path(request, form.cleaned_data["redirect_url"]),
        )
    except TooManyAttempts as refusal:
        form.add_error(None, frame.please_wait(refusal.wait))
        return again(**{name: form}, status=429, wait=refusal.wait)
    return redirect("accounts:registration-sent")


class RegistrationSentView(Page, View):
    template_name = "accounts/registration_sent.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()


class FinishRegistrationView(Page, View):
    """Behind the link of the letter."""

    template_name = "accounts/registration_finish.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            email = links.claims_of(actions.REGISTRATION, token)["email"]
        except LinkRefused:
            return self.page(form=None, status=410)
        return self.page(form=FinishRegistrationForm(user=User(email=email)), email=email)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        from .sign_in import enter

        try:
            claims = links.claims_of(actions.REGISTRATION, token)
            form = FinishRegistrationForm(request.POST, user=User(email=claims["email"]))
            if not form.is_valid():
                return self.page(form=form, email=claims["email"])
            with own_scope():
                user = actions.finish_registration(
                    token,
                    form.cleaned_data["password"],
                    first_name=form.cleaned_data["first_name"],
                    last_name=form.cleaned_data["last_name"],
                )
                user_registered.send_robust(sender=type(self), request=request, user=user)
                return enter(request, user, next_path=claims["next"] or reverse("customer:summary"))
        except LinkRefused:
            return self.page(form=None, status=410)


register = holds_no_transaction(RegistrationView.as_view())
registration_sent = holds_no_transaction(RegistrationSentView.as_view())
finish_registration = holds_no_transaction(FinishRegistrationView.as_view())

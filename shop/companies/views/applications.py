"""A trade account, asked for by whoever wants one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import View

from shop.accounts.errors import TooManyAttempts
from shop.accounts.throttle import LETTER, LETTERS_OF_ADDRESS, count_attempt, network_of
from shop.accounts.views.frame import Page, origin, please_wait
from shop.audit.origin import current_origin
from shop.companies.actions import applications as actions
from shop.companies.forms import ApplicationForm
from shop.stores.middleware import holds_no_transaction
from shop.stores.scope import own_scope


class ApplyView(Page, View):
    """Answers alike whether the address has an account, an application that waits, or neither."""

    template_name = "companies/apply.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        with own_scope():
            form = ApplicationForm(store=request.store, initial=_known_of(request))  # type: ignore[attr-defined]
        return self.page(form=form)

    def post(self, request: HttpRequest) -> HttpResponse:
        with own_scope():
            form = ApplicationForm(request.POST, store=request.store)  # type: ignore[attr-defined]
            is_valid = form.is_valid()
        if not is_valid:
            return self.page(form=form)
        try:
            count_attempt(LETTERS_OF_ADDRESS, network_of(current_origin().address))
            count_attempt(LETTER, form.instance.email)
        except TooManyAttempts as refusal:
            form.add_error(None, please_wait(refusal.wait))
            return self.page(form=form, status=429, wait=refusal.wait)
        with own_scope():
            actions.apply(form.instance, origin=origin(request))
        return redirect("companies:applied")


class SentView(Page, View):
    template_name = "companies/applied.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page()


def _known_of(request: HttpRequest) -> dict[str, str]:
    """What a signed-in visitor need not type."""
    user = request.user
    if not user.is_authenticated:
        return {}
    return {"first_name": user.first_name, "last_name": user.last_name, "email": user.email}


apply = holds_no_transaction(ApplyView.as_view())
sent = SentView.as_view()

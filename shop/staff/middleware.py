"""A merchant may ask its staff for a second factor before the dashboard and the CMS open."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from shop.stores.scope import own_scope

from .querysets import current_policy

DOORS = ("/dashboard/", "/cms/")


class StaffSecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(DOORS) and request.store and _lacks_second_factor(request):  # type: ignore[attr-defined]
            messages.warning(request, _("Your work here needs a code besides your password: switch it on first."))
            return redirect("accounts:second-factor-on")
        return self.get_response(request)


def _lacks_second_factor(request: HttpRequest) -> bool:
    """Operators' stand-ins proved theirs on the platform."""
    user = request.user
    if isinstance(user, AnonymousUser) or user.is_verified() or user.stands_for_operator:
        return False
    with own_scope():
        return current_policy().requires_second_factor

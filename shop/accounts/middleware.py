"""Whose request it is, where no transaction spans it; and that the answer is theirs."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control
from django_otp.middleware import OTPMiddleware

from shop.stores.scope import scoped


class SecondFactorMiddleware(OTPMiddleware):
    """django-otp's, reading the device in a scope of its own for views that hold no transaction."""

    _verify_user_sync = scoped(OTPMiddleware._verify_user_sync)


class PrivateMiddleware:
    """What was made with a look into somebody's session (their prices, their basket) no cache on the way may keep,
    unless the view says how it may be kept."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.session.accessed and not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True)
        return response

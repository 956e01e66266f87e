"""Who asks: a machine by its key, or the visitor of the store's own pages by the session."""

from django.utils.translation import gettext as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from shop.accounts.models import User
from shop.companies.acting import act_for

from .actions import key_presented
from .models import ApiKey

SCHEMES = frozenset({"bearer", "api-key"})


class KeyAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer stoa_…`, or `Api-Key stoa_…`. Cookies beside it are not looked at."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in SCHEMES:
            return None
        key = key_presented(text.strip())
        if key is None:
            raise AuthenticationFailed(_("This key is unknown, expired or revoked."))
        membership = key.membership
        if key.company_id and membership is None:
            raise AuthenticationFailed(_("The account of this key no longer buys for its company."))
        request._request.COOKIES = {}
        act_for(request._request, membership)
        return key.user, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class PageAuthentication(authentication.SessionAuthentication):
    """The session, or nobody's. Whoever writes without a key proves by the CSRF token to be a page of the store's."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        self.enforce_csrf(request)
        return super().authenticate(request)

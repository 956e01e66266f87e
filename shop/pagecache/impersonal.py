"""A request of nobody in particular: with it pages are made that are kept for all who see the same.

It knows the store, the address, the part of the query that means something, the price context and whether the visitor
has signed in. All of these are in the key of the page. It has no cookies, no headers, no session and no account, so
there is nothing personal that a page could show; what asks for it is told so by `PersonalError`.
"""

from functools import cached_property
from typing import Any, NoReturn

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, QueryDict
from wagtail.models import PageViewRestriction

from shop.basket.models import Basket
from shop.companies.acting import act_for_company, company_of
from shop.partner.strategy import StoreStrategy
from shop.pricing.context import from_request
from shop.versions.memory import UNKNOWN

from .errors import PersonalError, RestrictedError


class Somebody:
    """Who has signed in, and nothing more."""

    is_authenticated = is_active = True
    is_anonymous = is_staff = is_superuser = False
    has_companies = False

    @property
    def groups(self) -> NoReturn:
        raise RestrictedError("user.groups")

    def __getattr__(self, name: str) -> NoReturn:
        raise PersonalError(f"user.{name}")


class NoSession:
    """Where a session would be."""

    modified = accessed = False

    def get(self, name: str, default: Any = None) -> NoReturn:
        is_restricted = name == PageViewRestriction.passed_view_restrictions_session_key
        raise (RestrictedError if is_restricted else PersonalError)(f"session[{name!r}]")

    def __getattr__(self, name: str) -> NoReturn:
        raise PersonalError(f"session.{name}")

    def __getitem__(self, name: str) -> NoReturn:
        raise PersonalError(f"session[{name!r}]")

    def __contains__(self, name: str) -> NoReturn:
        raise PersonalError(f"session[{name!r}]")


class ImpersonalRequest(HttpRequest):
    """Of the same store and address as another, by somebody with this price context."""

    def __init__(self, seen: HttpRequest, query: str) -> None:
        super().__init__()
        self.method, self.path, self.path_info = "GET", seen.path, seen.path_info
        self.GET = QueryDict(query)
        self.META = {name: seen.META[name] for name in ADDRESS if name in seen.META}
        self.META |= {"HTTP_HOST": seen.get_host().lower(), "QUERY_STRING": query}  # as the key of the page has them
        self.is_secure_ = seen.is_secure()
        self.resolver_match = seen.resolver_match
        self.store, self.merchant_id = seen.store, seen.merchant_id  # type: ignore[attr-defined]
        self._wagtail_site = seen._wagtail_site  # type: ignore[attr-defined]
        self.user: Any = Somebody() if seen.user.is_authenticated else AnonymousUser()  # type: ignore[attr-defined]
        self.session: Any = NoSession()
        self.is_marked, self.viewing = True, None
        self.versions = getattr(seen, "versions", UNKNOWN)
        self.price_context = from_request(seen)
        self.currency = self.price_context.currency
        act_for_company(self, company_of(seen))
        self.strategy = StoreStrategy(self)

    @cached_property
    def basket(self) -> Basket:
        """An empty one, for the forms of a product's page."""
        basket = Basket(store=self.store)
        basket.strategy = self.strategy
        return basket

    def _get_scheme(self) -> str:
        return "https" if self.is_secure_ else "http"


ADDRESS = ("SERVER_NAME", "SERVER_PORT", "PATH_INFO", "REQUEST_METHOD", "SCRIPT_NAME")

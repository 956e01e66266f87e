"""What of a visitor tells how they see pages: kept in the process, found by their cookies, right as long as nothing of
theirs has changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.utils import timezone

from shop.basket.middleware import guests_basket_id
from shop.basket.models import Basket
from shop.consent.choices import COOKIE as CONSENT
from shop.currencies.choice import COOKIE as CURRENCY
from shop.pricing.context import PriceContext, from_request
from shop.pricing.queries import next_change
from shop.stores.models import Store
from shop.versions import marks
from shop.versions.memory import UNKNOWN
from shop.versions.validity import Validity

from .slots import Parts, filled, split

LONGEST = timedelta(minutes=10)
LONGEST_COOKIE = 100


class Cookies(NamedTuple):
    """Which host was asked, and the cookies that make one visitor see what another doesn't."""

    origin: str
    session: str
    basket: str
    currency: str
    consent: str
    recent: str
    """Whether anything was looked at; what, no slot tells."""


@dataclass(frozen=True)
class Visitor:
    origin: str
    store: Store
    context: str
    """`PriceContext.cache_key`."""
    is_signed_in: bool
    slots: Mapping[bytes, Parts]
    digest: str
    """Of what is in the slots."""
    validity: Validity

    @property
    def has_messages(self) -> bool:
        """Whether they are told something, which they are told once."""
        return any(map(bytes.strip, self.slots[b"messages"]))

    def is_of(self, request: HttpRequest) -> bool:
        """Whether it is who asks, as the database has them now: another machine may have changed for whom they buy,
        and this one not have heard of it."""
        is_same_store = self.store.pk == request.store.pk  # type: ignore[attr-defined]
        is_same_account = self.is_signed_in == request.user.is_authenticated
        return is_same_store and is_same_account and self.context == from_request(request).cache_key


def cookies_of(request: HttpRequest) -> Cookies:
    """One that is longer than any of ours counts as any such."""

    def named(name: str) -> str:
        return request.COOKIES.get(name, "")[:LONGEST_COOKIE]

    return Cookies(
        origin_of(request),
        named(settings.SESSION_COOKIE_NAME),
        named(settings.OSCAR_BASKET_COOKIE_OPEN),
        named(CURRENCY),
        named(CONSENT),
        "1" if request.COOKIES.get(settings.OSCAR_RECENTLY_VIEWED_COOKIE_NAME) else "",
    )


def newcomers_cookies(request: HttpRequest) -> Cookies:
    return Cookies(origin_of(request), "", "", "", "", "")


def origin_of(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host().lower()}"


def visitor_of(request: HttpRequest, before: memoryview) -> Visitor:
    """Of a request that is within its store, with its session and its account; `before` are the versions when nothing
    had been read."""
    context, slots = from_request(request), filled(request)
    until = _end(request, context) if before is not UNKNOWN else context.moment
    return Visitor(
        origin=origin_of(request),
        store=request.store,  # type: ignore[attr-defined]
        context=context.cache_key,
        is_signed_in=request.user.is_authenticated,
        slots={name: split(text) for name, text in slots.items()},
        digest=sha256(b"\0".join(slots.values())).hexdigest()[:12],
        validity=Validity.of(_marks(request), before, until),
    )


def _marks(request: HttpRequest) -> list[str]:
    """What a visitor's view depends on, whatever page they see."""
    merchant_id, key = request.merchant_id, request.session.session_key  # type: ignore[attr-defined]
    found = [marks.HOSTS, marks.pages_of(merchant_id)]
    if key:
        found.append(marks.session(key))
    if account_id := request.session.get(SESSION_KEY):  # of who may not sign in now as well: they may again
        found.append(marks.account(int(account_id)))
    if request.user.is_authenticated:
        own = Basket.open.filter(owner=request.user).values_list("pk", flat=True)
        return [*found, *map(marks.basket, own)]
    guests = guests_basket_id(request, settings.OSCAR_BASKET_COOKIE_OPEN)
    return [*found, marks.basket(guests)] if guests else found


def _end(request: HttpRequest, context: PriceContext) -> datetime:
    """When their prices change by themselves, or their session ends."""
    known = (timezone.now() + LONGEST, next_change(context), getattr(request.session, "expires_at", None))
    return min(filter(None, known))

"""The visitor's basket: of this store, found when it is needed, and made when something is put into it."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.signing import BadSignature, Signer
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject, empty
from django.utils.translation import ngettext
from oscar.apps.basket import middleware

from . import locks
from .models import Basket, Line
from .querysets import open_basket_of, open_basket_of_guest


class BasketMiddleware(middleware.BasketMiddleware):
    """A guest's basket is named by a signed cookie of the store's own host; it is no use in another store.

    `request.basket` has its offers applied as soon as anybody looks at it; `request.basket_id()` only names it.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.basket_id = partial(self.get_basket_id, request)  # type: ignore[attr-defined]
        return super().__call__(request)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        for key in request.cookies_to_delete:
            response.delete_cookie(key)
        if request.basket._wrapped is empty if isinstance(request.basket, SimpleLazyObject) else False:
            return response
        key = self.get_cookie_key(request)
        has_cookie = key in request.COOKIES and key not in request.cookies_to_delete
        if request.basket.pk and request.basket.owner_id is None and not has_cookie:
            response.set_cookie(
                key,
                signer(request).sign(request.basket.pk),
                max_age=settings.OSCAR_BASKET_COOKIE_LIFETIME,
                secure=settings.OSCAR_BASKET_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    def get_basket(self, request: HttpRequest) -> Basket:
        if request._basket_cache is None:
            request._basket_cache = self.find_basket(request)
        return request._basket_cache

    def get_basket_id(self, request: HttpRequest) -> int | None:
        """None: there is none yet. Of a guest, as the cookie has it: whether it is open still is not looked at."""
        if request.user.is_authenticated or request._basket_cache is not None:
            return self.get_basket(request).pk
        return guests_basket_id(request, self.get_cookie_key(request))

    def find_basket(self, request: HttpRequest) -> Basket:
        """The visitor's open basket, or a new one that has no row yet. A guest's is merged when they have signed in."""
        key = self.get_cookie_key(request)
        guests = self.get_cookie_basket(key, request, Basket.open)
        if not request.user.is_authenticated:
            return guests or Basket(store=request.store)
        if guests:
            request.cookies_to_delete.append(key)
            return self.sign_in_with(guests, request)
        own = open_basket_of(request.user.pk, request.store.pk) or Basket(store=request.store, owner=request.user)
        own.owner = request.user  # loaded already
        return own

    def sign_in_with(self, guests: Basket, request: HttpRequest) -> Basket:
        own, _ = Basket.open.get_or_create(owner=request.user)
        added = guests.lines.aggregate(n=Sum("quantity"))["n"] or 0
        own.merge(guests, add_quantities=False)
        if added:
            text = ngettext(
                "%(n)d piece that you chose before you signed in is in your basket now.",
                "%(n)d pieces that you chose before you signed in are in your basket now.",
                added,
            )
            messages.info(request, text % {"n": added})
        return own

    def get_cookie_basket(self, key: str, request: HttpRequest, manager: Any) -> Basket | None:
        pk = guests_basket_id(request, key)
        basket = open_basket_of_guest(pk, request.store.pk) if pk else None
        if basket is None and key in request.COOKIES:
            request.cookies_to_delete.append(key)
        return basket


def signer(request: HttpRequest) -> Signer:
    return Signer(salt=f"basket of store {request.store.pk}")


def guests_basket_id(request: HttpRequest, key: str) -> int | None:
    """Of the basket that the cookie names, if it names one of this store."""
    try:
        return int(signer(request).unsign(request.COOKIES[key]))
    except (KeyError, BadSignature):
        return None


def held_basket(request: HttpRequest) -> Basket:
    """The visitor's basket, locked before its lines are read: they are read once, and nobody adds to them meanwhile."""
    pk = request.basket_id()  # type: ignore[attr-defined]
    held = locks.basket(pk=pk) if pk else []
    basket = request.basket  # type: ignore[attr-defined]
    basket.is_held = any(row.pk == basket.pk and row.status in basket.editable_statuses for row in held)
    return basket


def basket_size(request: HttpRequest) -> int:
    """How many pieces are in the visitor's basket: what every page says, in at most one query."""
    cookie = settings.OSCAR_BASKET_COOKIE_OPEN
    if request._basket_cache is not None or (request.user.is_authenticated and cookie in request.COOKIES):
        return request.basket.num_items
    if request.user.is_authenticated:
        baskets = Basket.open.filter(owner=request.user)
    elif cookie in request.COOKIES:
        baskets = Basket.open.filter(pk=guests_basket_id(request, cookie), owner=None)
    else:
        return 0
    return Line.objects.filter(basket__in=baskets).aggregate(n=Sum("quantity"))["n"] or 0

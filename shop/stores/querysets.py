"""Reads of merchants, stores and the directory."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from shop.versions.marks import HOSTS, pages_of
from shop.versions.remembering import remembered

from .errors import UnknownMerchant
from .models import Merchant, Store
from .postgresql.prepared import prepared
from .scope import PLATFORM_MERCHANT_ID, merchant_scope, required_merchant_id

LONGEST_HOST = 253
"""RFC 1035, 3.1. Of longer ones as much would be remembered as somebody likes to make up."""


@dataclass(frozen=True)
class HostEntry:
    """What the directory says of a host: its merchant, and its store unless it is the platform's own host."""

    merchant_id: int
    store_id: int | None


def entry_of_host(host: str) -> HostEntry | None:
    """The directory's entry of a host name (lower case, no port), or None. Needs no scope."""
    return _entry_of(host) if len(host) <= LONGEST_HOST else None


@remembered(lambda host: (HOSTS,))
def _entry_of(host: str) -> HostEntry | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT merchant_id, store_id FROM stores_storehost WHERE host = %s", [host])
        row = cursor.fetchone()
    return HostEntry(*row) if row else None


def store_for_request(store_id: int) -> Store:
    """The store with what every page asks of it, in one query at most. The caller's own to change."""
    return copy(_remembered_store(required_merchant_id(), store_id))


@remembered(lambda merchant_id, store_id: (pages_of(merchant_id),))
def _remembered_store(merchant_id: int, store_id: int) -> Store:
    (store,) = _served(pk=store_id)
    return store


@prepared
def _served(pk: int) -> QuerySet[Store]:
    return Store.objects.select_related("site__root_page").filter(pk=pk)


def served_countries_of(store: Store) -> Mapping[str, Any]:
    """Where it delivers to: countries by their codes (ISO 3166-1 alpha-2). In one query at most."""
    return _served_countries(store.merchant_id, store.pk)


@remembered(lambda merchant_id, store_id: (pages_of(merchant_id),))
def _served_countries(merchant_id: int, store_id: int) -> Mapping[str, Any]:
    return {country.pk: country for country in _countries_of(store=store_id)}


@prepared
def _countries_of(store: int) -> QuerySet[Any]:
    countries = Store.shipping_countries.field.related_model.objects
    return countries.filter(pk__in=Store.shipping_countries.through.objects.filter(store=store).values("country"))


def all_merchants() -> list[Merchant]:
    """Every merchant of the installation but the platform, in the order of their names."""
    with merchant_scope(PLATFORM_MERCHANT_ID):
        return list(Merchant.objects.exclude(pk=PLATFORM_MERCHANT_ID))


def merchant_named(slug: str) -> Merchant:
    """The merchant of this short name, from outside any scope. Raises `UnknownMerchant`."""
    for merchant in all_merchants():
        if merchant.slug == slug:
            return merchant
    raise UnknownMerchant(f"No merchant is called {slug!r}.")

"""Which ways of delivery there are for a basket."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from oscar.apps.shipping import repository as oscars

from shop.pricing.context import from_store
from shop.stores.current import store_at_hand
from shop.stores.postgresql.prepared import prepared
from shop.versions.marks import pages_of
from shop.versions.remembering import remembered

from .methods import FlatRate, NoShippingRequired
from .models import DeliveryRate


class Repository(oscars.Repository):
    """The rates of the store at hand, after the methods that code of a subclass names as Oscar's do."""

    methods: tuple[Any, ...] = ()

    def get_available_shipping_methods(
        self, basket: Any, shipping_addr: Any = None, request: HttpRequest | None = None, **kwargs: Any
    ) -> list[Any]:
        """Those that deliver to the address; all of them while there is none."""
        store = store_at_hand()
        if store is None:
            return [*self.methods]
        context = getattr(basket.strategy, "context", None) or from_store(store)  # another strategy knows none
        country = shipping_addr.country_id if shipping_addr else None
        rates = _rates(store.merchant_id, store.pk, context.currency, country)
        return [*self.methods, *(FlatRate(rate, store, context) for rate in rates)]

    def get_default_shipping_method(self, basket: Any, shipping_addr: Any = None, **kwargs: Any) -> Any:
        """What the basket reckons with before anything is chosen: the first, or nothing in a store without rates."""
        methods = self.get_shipping_methods(basket, shipping_addr=shipping_addr, **kwargs)
        return methods[0] if methods else NoShippingRequired()


@remembered(lambda merchant_id, *asked: (pages_of(merchant_id),))
def _rates(merchant_id: int, store: int, currency: str, country: str | None) -> list[DeliveryRate]:
    if country is None:
        return _all(store=store, currency=currency)
    return _serving(store=store, currency=currency, country=country)


@prepared
def _all(store: int, currency: str) -> QuerySet[DeliveryRate]:
    """The store's rates for who buys in a currency (ISO 4217)."""
    return DeliveryRate.objects.filter(store=store, currency=currency)


@prepared
def _serving(store: int, currency: str, country: str) -> QuerySet[DeliveryRate]:
    """Those of them that deliver to a country (ISO 3166-1 alpha-2)."""
    rates = DeliveryRate.objects.filter(store=store, currency=currency)
    return rates.filter(Q(countries=None) | Q(countries=country))

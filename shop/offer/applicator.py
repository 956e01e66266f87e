from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from oscar.apps.offer import applicator

from .querysets import site_offers


class Applicator(applicator.Applicator):
    def get_offers(self, basket: Any, user: Any = None, request: HttpRequest | None = None) -> list[Any]:
        """The offers that may apply, of which those that are anybody's are loaded once a request.

        Amounts of money in an offer are in the store's own currency: in others it doesn't apply.
        """
        self._request = request
        offers = super().get_offers(basket, user, request)
        context = getattr(basket.strategy, "context", None)  # another strategy knows none
        if context is None or context.currency == basket.strategy.store.currency:
            return offers
        return [offer for offer in offers if not _is_in_money(offer)]

    def get_site_offers(self) -> list[Any]:
        if self._request is None:
            return site_offers()
        if not hasattr(self._request, "site_offers"):
            self._request.site_offers = site_offers()
        return self._request.site_offers

    def get_basket_offers(self, basket: Any, user: Any) -> list[Any]:
        """Those of its vouchers; a basket that was found to have none is not asked again."""
        vouchers = getattr(basket, "_prefetched_objects_cache", {}).get("vouchers", True)
        return super().get_basket_offers(basket, user) if vouchers else []

    def apply_offers(self, basket: Any, offers: list[Any]) -> None:
        """Apply them, and let each say what the lines were reduced by: those are rounded one by one."""
        super().apply_offers(basket, offers)
        reduced: dict[int, Decimal] = defaultdict(Decimal)
        for line in basket.all_lines():
            for discount in filter(lambda given: given.offer, line.discounts):
                reduced[discount.offer.pk] += discount.amount
        for offer_id, application in basket.offer_applications.applications.items():
            application["discount"] = reduced.get(offer_id, application["discount"])


def _is_in_money(offer: Any) -> bool:
    """Whether what it takes, gives, or gives at most to all together is an amount of money."""
    return bool(offer.max_discount or offer.benefit.is_in_money or offer.condition.is_in_money)

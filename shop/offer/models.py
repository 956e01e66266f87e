from typing import Any

from oscar.apps.offer.abstract_models import AbstractBenefit, AbstractCondition, AbstractRange

from shop.catalogue.models import Product


class Range(AbstractRange):
    """Oscar's range of products, which asks for all products of a basket together."""

    def contains_product(self, product: Product) -> bool:
        if self.proxy:
            return super().contains_product(product)
        known = self.__dict__.setdefault("_known_products", {})
        if product.pk not in known:
            together = getattr(product, "basket_product_ids", None) or [product.pk]
            found = set(self.product_queryset.filter(pk__in=together).values_list("pk", flat=True))
            known.update({pk: pk in found for pk in together})
        return known[product.pk]

    def invalidate_cached_queryset(self) -> None:
        self.__dict__.pop("_known_products", None)
        super().invalidate_cached_queryset()


class Benefit(AbstractBenefit):
    @property
    def is_in_money(self) -> bool:
        """Whether its value is an amount of money."""
        shipping = {self.SHIPPING_ABSOLUTE, self.SHIPPING_FIXED_PRICE}
        return self.type in {self.FIXED, self.FIXED_UNIT, self.FIXED_PRICE, *shipping}

    def can_apply_benefit(self, line: Any) -> bool:
        """Agreed prices are left alone: a line that offered no piece would end the benefit for those behind it."""
        return line.allows_offers and super().can_apply_benefit(line)


class Condition(AbstractCondition):
    @property
    def is_in_money(self) -> bool:
        """Whether its value is an amount of money."""
        return self.type == self.VALUE

    def can_apply_condition(self, line: Any) -> bool:
        return line.allows_offers and super().can_apply_condition(line)


from oscar.apps.offer.models import *  # noqa: E402, F403 - Oscar's own, but for those above

"""The price book: what was loaded of a context's prices, to be looked up by product."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from shop.catalogue.wares import Sold, WareRecord

from .context import PriceContext
from .levels import TierTarget
from .quantities import ANY_QUANTITY, QuantityTerms
from .queries import Found, load_prices
from .tiers import Goods, Ladder, Tier, price_steps

if TYPE_CHECKING:
    from shop.partner.models import StockRecord


class PriceBook:
    """Prices in one context. A product that is asked for is loaded with all that came with it, in one query."""

    def __init__(self, context: PriceContext) -> None:
        self.context = context
        self._known: set[int] = set()
        self._tiered: set[int] = set()
        self._tiers: dict[tuple[int, int, TierTarget], dict[int, list[Tier]]] = defaultdict(lambda: defaultdict(list))
        self._goods: dict[object, Goods] = {}
        self._rules: dict[tuple[int, int | None], QuantityTerms] = {}

    def goods(self, product: Sold, record: "StockRecord | WareRecord | None") -> Goods:
        """All that is known of a product's prices, sold from this stock record."""
        if product.pk not in self._known:
            self.load([product, *product.loaded_with])
        key = product.pk, record and (record.pk, record.price)
        if key not in self._goods:
            self._goods[key] = self._put_together(product, record)
        return self._goods[key]

    def _put_together(self, product: Sold, record: "StockRecord | WareRecord | None") -> Goods:
        is_priced = record is not None and record.price_currency == self.context.currency
        goods = Goods(
            record_id=record.pk if record else None,
            net=record.price if record and is_priced else None,
            ladders=self._all_ladders(product),
            quantities=self._quantities(product),
        )
        return goods if goods.net is not None else self._from_first_price(goods)

    def _from_first_price(self, goods: Goods) -> Goods:
        """What has no price of its own is sold from the quantity on that a list prices."""
        steps, quantities = price_steps(goods, self.context), goods.quantities
        first = steps[0].min_quantity if steps else quantities.minimum
        return replace(goods, quantities=replace(quantities, minimum=max(first, quantities.minimum)))

    def load(self, products: Iterable[Sold]) -> None:
        """In one query, whatever is not known yet."""
        new = [product for product in products if product.pk not in self._known]
        self.keep(new, load_prices(new, self.context))

    def keep(self, products: Iterable[Sold], loaded: Found) -> None:
        """All that there is of these products' prices, which somebody has loaded already."""
        tiers, rules = loaded
        self._known |= {product.pk for product in products}
        for found in tiers:
            self._tiered.add(found.of_product)
            ladders = self._tiers[found.price_list_id, found.of_product, found.tier.target]
            if found.tier not in ladders[found.tier.target_id]:  # a parent's are found again with its other variants
                ladders[found.tier.target_id].append(found.tier)
        for rule in rules:
            self._rules[rule.of_product, rule.price_list_id] = rule.quantities

    def _all_ladders(self, product: Sold) -> dict[int, tuple[Ladder, ...]] | None:
        """By the ids of the context's lists; None of what is in none of them, as most are."""
        if self._tiered.isdisjoint((product.pk, product.parent_id)):
            return None
        return {terms.id: self._ladders(product, terms.id) for terms in self.context.all_lists}

    def _ladders(self, product: Sold, list_id: int) -> tuple[Ladder, ...]:
        """Of one list, the nearest target first: the product, its parent, its categories from the deepest up."""
        own, canonical = product.pk, product.parent_id or product.pk
        keys = dict.fromkeys([(own, TierTarget.PRODUCT), (canonical, TierTarget.PRODUCT)])
        keys[canonical, TierTarget.CATEGORY] = None
        found = (self._tiers.get((list_id, *key), {}) for key in keys)
        return tuple(tuple(ladder) for ladders in found for ladder in ladders.values())

    def _quantities(self, product: Sold) -> QuantityTerms:
        """Of the first list that says how many; what is said for everybody comes last; of a parent, behind its own."""
        for list_id in (*(terms.id for terms in self.context.lists), None):
            for product_id in filter(None, (product.pk, product.parent_id)):
                if rule := self._rules.get((product_id, list_id)):
                    return rule
        return ANY_QUANTITY

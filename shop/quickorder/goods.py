"""The products that entries may mean, loaded together: as many queries for a thousand entries as for one."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from shop.catalogue.families import load_for_lines
from shop.catalogue.models import Product
from shop.order.models import Line as OrderLine
from shop.order.models import Order
from shop.stores.models import Store

from .buyers import Buyer
from .entries import Entry
from .querysets import folded, products_alike, products_called


@dataclass(frozen=True)
class Goods:
    """What the store sells of all that a set of entries may mean."""

    products: dict[int, Product]
    called: dict[str, set[int]]
    alike: dict[str, list[int]]
    asking: set[int]
    """Those that ask their buyer for something more: an engraving, a date."""
    order_lines: dict[int, OrderLine]
    """Of those that are to be repeated, the lines of orders that the buyer may see; with their options."""

    def meant(self, entry: Entry) -> list[Product]:
        """The products that an entry means: the one that was chosen, or all that are called so."""
        if entry.product_id:
            return self._sold([entry.product_id])
        return self._sold(sorted(self.called.get(folded(entry.code), ())))

    def suggested(self, entry: Entry) -> list[Product]:
        return self._sold(self.alike.get(folded(entry.code), ()))

    def asks_for_options(self, product: Product) -> bool:
        return bool({product.pk, product.parent_id} & self.asking)

    def repeated(self, entry: Entry, product: Product | None) -> OrderLine | None:
        """The line of an order that is repeated, if it was of this product."""
        line = self.order_lines.get(entry.order_line_id or 0)
        return line if line and product and line.product_id == product.pk else None

    def options(self, entry: Entry, product: Product) -> list[dict[str, Any]]:
        """What was chosen with the order line that is repeated, as a basket takes it."""
        line = self.repeated(entry, product)
        chosen = line.attributes.all() if line else ()
        return [{"option": one.option, "value": one.value} for one in chosen if one.option]

    def _sold(self, ids: Collection[int]) -> list[Product]:
        return [self.products[pk] for pk in ids if pk in self.products]


def load_goods(entries: Sequence[Entry], buyer: Buyer) -> Goods:
    open_codes = {entry.code for entry in entries if entry.code and not entry.product_id}
    called = products_called(open_codes, company=buyer.company)
    alike = products_alike({code for code in open_codes if folded(code) not in called}, store_id=buyer.store.pk)
    chosen = {entry.product_id for entry in entries if entry.product_id}
    ids = chosen.union(*called.values(), *alike.values())
    products = _load(ids, buyer.store)
    return Goods(products, called, alike, _asking(products.values()), _order_lines(entries, buyer))


def variants_of(product: Product) -> list[Product]:
    """What of it can be ordered: itself, or each of its variants."""
    return list(product.get_public_children()) if product.is_parent else [product]


def _load(ids: Collection[int], store: Store) -> dict[int, Product]:
    """With all that lines of a basket show, and the variants of those that come in some."""
    sold = Product.objects.visible().for_store(store).filter(pk__in=ids)
    products = list(sold.select_related("parent__product_class").buying())
    load_for_lines([each for product in products for each in {product, *variants_of(product)}])
    return {product.pk: product for product in products}


def _asking(products: Iterable[Product]) -> set[int]:
    """Of these and the parents of variants among them."""
    ids = {pk for product in products for pk in (product.pk, product.parent_id)}
    asks = Q(product_options__isnull=False) | Q(product_class__options__isnull=False)
    return set(Product.objects.filter(asks, pk__in=ids).order_by().values_list("pk", flat=True))


def _order_lines(entries: Sequence[Entry], buyer: Buyer) -> dict[int, OrderLine]:
    ids = {entry.order_line_id for entry in entries if entry.order_line_id}
    if not ids or not buyer.user.is_authenticated:
        return {}
    orders = Order.objects.for_store(buyer.store).visible_to(buyer.user)
    lines = OrderLine.objects.filter(pk__in=ids, order__in=orders)
    return {line.pk: line for line in lines.select_related("order").prefetch_related("attributes__option")}

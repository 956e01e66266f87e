"""What the catalogue holds of some products, in the words of a file's columns. Five queries, however many products."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from oscar.core.loading import get_model

from shop.listings.models import Listing
from shop.stores.models import Store

from .attributes import KINDS
from .frame import Frame
from .plan import LISTED, Facts
from .rows import CategoryPath
from .rules import ATTRIBUTE
from .staging import StagedRow

Product = get_model("catalogue", "Product")
ProductAttributeValue = get_model("catalogue", "ProductAttributeValue")
ProductCategory = get_model("catalogue", "ProductCategory")
StockRecord = get_model("partner", "StockRecord")


def facts_held(batch: Iterable[StagedRow], *, store: Store, frame: Frame) -> Mapping[int, Facts]:
    """Facts by product id, of the products that these rows are about."""
    products = {staged.product_id for staged in batch if staged.product_id is not None}
    records = {staged.stockrecord_id for staged in batch if staged.stockrecord_id is not None}
    facts = {pk: dict(found) for pk, found in _texts(products)}
    others = (_stock(records), _listed(products, store), _categories(products, frame), _attributes(products))
    for product, found in chain(*others):
        facts[product].update(found)
    return facts


Found = Iterator[tuple[int, Facts]]
"""Product ids, each with some of the product's facts."""


def _texts(products: set[int]) -> Found:
    rows = Product.objects.filter(pk__in=products).values_list("pk", "title", "description", "upc")
    for pk, title, description, upc in rows:
        yield pk, {"title": title, "description": description, "barcode": upc or "", LISTED: False}


def _stock(records: set[int]) -> Found:
    rows = StockRecord.objects.filter(pk__in=records).values_list("product", "price", "num_in_stock")
    for product, price, stock in rows:
        yield product, {"price": price, "stock": stock}


def _listed(products: set[int], store: Store) -> Found:
    for product in Listing.objects.filter(store=store, product__in=products).values_list("product", flat=True):
        yield product, {LISTED: True}


def _categories(products: set[int], frame: Frame) -> Found:
    paths: defaultdict[int, set[CategoryPath]] = defaultdict(set)
    for product, category in ProductCategory.objects.filter(product__in=products).values_list("product", "category"):
        paths[product].add(frame.paths[category])
    for product, found in paths.items():
        yield product, {"category": frozenset(found)}


def _attributes(products: set[int]) -> Found:
    values = ProductAttributeValue.objects.filter(product__in=products, attribute__type__in=KINDS)
    for value in values.select_related("attribute"):
        held = value.value_option_id if value.attribute.is_option else value.value
        yield value.product_id, {f"{ATTRIBUTE}{value.attribute.code.casefold()}": held}

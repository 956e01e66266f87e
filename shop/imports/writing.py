"""Changes into the catalogue's tables, many rows a statement. Nothing here decides what is to be changed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.timezone import now
from oscar.core.loading import get_model
from oscar.core.utils import slugify

from shop.inventory.actions.movements import set_totals
from shop.listings.actions import list_products
from shop.stores.models import Store

from . import locks
from .attributes import Attribute
from .frame import Frame, Missing, folded
from .plan import LISTED, Change
from .rules import ATTRIBUTE
from .staging import Kind

AttributeOption = get_model("catalogue", "AttributeOption")
Category = get_model("catalogue", "Category")
Product = get_model("catalogue", "Product")
ProductAttribute = get_model("catalogue", "ProductAttribute")
ProductAttributeValue = get_model("catalogue", "ProductAttributeValue")
ProductCategory = get_model("catalogue", "ProductCategory")
ProductClass = get_model("catalogue", "ProductClass")
StockRecord = get_model("partner", "StockRecord")

PRODUCT_FIELDS = {"title": "title", "description": "description", "barcode": "upc"}
OF_STOCK_RECORDS = frozenset({"price", "stock"})


@dataclass(frozen=True, slots=True)
class Target:
    """Where products go: the store that lists them, the partner who supplies them, the frame that holds them."""

    store: Store
    partner_id: int
    frame: Frame


def make(missing: Missing, frame: Frame, *, tracks_stock: bool) -> None:
    """Make categories, product types and text attributes, and note them in the frame."""
    for path in missing.categories:
        key = folded(path)
        if len(path) == 1:
            category = Category.add_root(name=path[0])
        else:
            category = Category.objects.get(pk=frame.categories[key[:-1]]).add_child(name=path[-1])
        frame.categories[key] = category.pk
        frame.paths[category.pk] = key
    for name in missing.types:
        frame.types[name.casefold()] = ProductClass.objects.create(name=name, track_stock=tracks_stock).pk
    for type_name, code in missing.attributes:
        attribute = ProductAttribute.objects.create(
            product_class_id=frame.types[type_name.casefold()], code=code, name=code.replace("_", " ").capitalize()
        )
        frame.attributes[type_name.casefold(), code] = Attribute(attribute.pk)


def write(changes: Sequence[Change], target: Target) -> dict[int, int]:
    """Make and change products. Returns the ids of the new ones by the line of their row."""
    made = _make_products([change for change in changes if change.is_addition], target.frame)
    known = {change.staged.row.line: pk for change in changes if (pk := change.staged.product_id) is not None}
    ids = known | made
    subjects = [(ids[change.staged.row.line], change) for change in changes]
    _change_products([(pk, change) for pk, change in subjects if not change.is_addition])
    _make_stock_records([(pk, change) for pk, change in subjects if change.is_addition], target)
    _change_stock_records([change for change in changes if not change.is_addition])
    _set_categories(subjects, target.frame)
    _set_attributes(subjects, target.frame)
    list_products(target.store, [Product(pk=pk) for pk, change in subjects if LISTED in change.facts])
    return made


Subject = tuple[int, Change]
"""A product's id and what is to become of it."""


def _make_products(changes: Sequence[Change], frame: Frame) -> dict[int, int]:
    products = [_new_product(change, frame) for change in changes]
    Product.objects.bulk_create(products)
    return {change.staged.row.line: product.pk for change, product in zip(changes, products, strict=True)}


def _new_product(change: Change, frame: Frame) -> models.Model:
    staged, facts = change.staged, change.facts
    is_child = staged.kind is Kind.CHILD
    return Product(
        structure=staged.kind.value,
        title=facts.get("title", ""),
        slug=slugify(facts.get("title") or staged.row.sku) or "product",
        description=facts.get("description", ""),
        upc=facts.get("barcode"),
        code=staged.row.sku if staged.kind is Kind.PARENT else None,
        parent_id=staged.parent_id if is_child else None,
        product_class_id=None if is_child else frame.types[staged.type_name.casefold()],
    )


def _change_products(subjects: Iterable[Subject]) -> None:
    """Slugs stay, since they are in addresses that others hold."""
    moment = now()
    for column, name in PRODUCT_FIELDS.items():
        products = [
            Product(pk=pk, date_updated=moment, **{name: change.facts[column]})
            for pk, change in subjects
            if column in change.facts
        ]
        Product.objects.bulk_update(products, [name, "date_updated"])


def _make_stock_records(subjects: Iterable[Subject], target: Target) -> None:
    StockRecord.objects.bulk_create(
        StockRecord(
            product_id=pk,
            partner_id=target.partner_id,
            partner_sku=change.staged.row.sku,
            price_currency=target.store.currency,
            price=change.facts["price"],
            num_in_stock=change.facts.get("stock"),
        )
        for pk, change in subjects
        if change.staged.kind is not Kind.PARENT
    )


def _change_stock_records(changes: Iterable[Change]) -> None:
    facts = {
        pk: change.facts
        for change in changes
        if (pk := change.staged.stockrecord_id) is not None and OF_STOCK_RECORDS & change.facts.keys()
    }
    records = list(locks.stock_records(facts))
    moment = now()
    for record in records:
        record.date_updated = moment
        record.price = facts[record.pk].get("price", record.price)
    StockRecord.objects.bulk_update(records, ["price", "date_updated"])
    set_totals({pk: said["stock"] for pk, said in facts.items() if "stock" in said}, by=None)  # type: ignore[misc]


def _set_categories(subjects: Iterable[Subject], frame: Frame) -> None:
    """A row that names categories names all of them."""
    wanted = {
        (pk, frame.categories[path])
        for pk, change in subjects
        for path in change.facts.get("category", ())  # type: ignore[attr-defined]
    }
    links = ProductCategory.objects.filter(product__in={pk for pk, _ in wanted})
    held = {(product, category): pk for pk, product, category in links.values_list("pk", "product", "category")}
    ProductCategory.objects.filter(pk__in=[held[link] for link in held.keys() - wanted]).delete()
    new = sorted(wanted - held.keys())
    ProductCategory.objects.bulk_create(
        ProductCategory(product_id=product, category_id=category) for product, category in new
    )


def _set_attributes(subjects: Iterable[Subject], frame: Frame) -> None:
    values = {
        (pk, attribute.pk): (attribute, value)
        for pk, change in subjects
        for attribute, value in _attributes_of(change, frame)
    }
    held = ProductAttributeValue.objects.filter(
        product__in={product for product, _ in values}, attribute__in={attribute for _, attribute in values}
    )
    known = {(product, attribute): pk for pk, product, attribute in held.values_list("pk", "product", "attribute")}
    by_field: defaultdict[str, list[models.Model]] = defaultdict(list)
    for (product, attribute_pk), (attribute, value) in values.items():
        name = "value_option_id" if attribute.type == "option" else f"value_{attribute.type}"
        by_field[name].append(
            ProductAttributeValue(
                pk=known.get((product, attribute_pk)), product_id=product, attribute_id=attribute_pk, **{name: value}
            )
        )
    for name, rows in by_field.items():
        ProductAttributeValue.objects.bulk_update([row for row in rows if row.pk], [name.removesuffix("_id")])
        ProductAttributeValue.objects.bulk_create([row for row in rows if not row.pk])


def _attributes_of(change: Change, frame: Frame) -> Iterator[tuple[Attribute, object]]:
    for column, value in change.facts.items():
        if column.startswith(ATTRIBUTE):
            yield frame.attribute(change.staged.type_name, column.removeprefix(ATTRIBUTE)), value

"""Whether rows that were streamed into the database are those that the application itself would have written."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models, transaction

from shop.catalogue.models import Product
from shop.inventory.models import StockLevel
from shop.listings.actions import list_products
from shop.listings.models import Listing
from shop.partner.models import StockRecord
from shop.quickorder.models import Number
from shop.search.models import Entry
from shop.stores.models import Store
from shop.stores.scope import merchant_scope

PARTS = ("productcategory_set", "attribute_values", "images", "stockrecords")
THEIR_OWN = {
    "id",
    "listing_id",
    "stock_record_id",
    "stockrecord_id",
    "stockrecord",
    "date_created",
    "date_updated",
    "listed_at",
}
"""What differs between two rows of the same facts."""


def differences(merchant_id: int, ids: Iterable[int]) -> list[str]:
    """What the application writes otherwise of these products of a merchant; nothing is changed."""
    with merchant_scope(merchant_id):
        found = [list(_different(number)) for number in ids]
        transaction.set_rollback(True)
    return [line for lines in found for line in lines]


def _different(number: int) -> Iterator[str]:
    """Takes the product away and writes it again, as somebody at the dashboard does."""
    product, before = Product.objects.get(pk=number), _rows(number)
    parts = [part for name in PARTS for part in getattr(product, name).all()]
    stores = list(Store.objects.filter(listings__product=product))
    again = [type(row)(**_values(row)) for row in (product, *parts)]
    product.delete()
    for row in again:
        row.save(force_insert=True)
    for store in stores:
        list_products(store, [Product.objects.get(pk=number)])
    after = _rows(number)
    for name in before:
        if before[name] != after[name]:
            yield f"{name} of product {number}: {before[name]}, and written by the application {after[name]}"


def _values(row: models.Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def _rows(number: int) -> dict[str, list[dict[str, Any]]]:
    its = {"product_id": number}
    of = {
        Product: {"pk": number},
        **dict.fromkeys((Product.categories.through, StockRecord, Listing, Entry, Number), its),
        **{Product._meta.get_field(name).related_model: its for name in PARTS[1:]},
        StockLevel: {"stockrecord__product_id": number},
    }
    return {
        model.__name__: [_facts(row) for row in model.objects.filter(**which).order_by("pk").values()]
        for model, which in of.items()
    }


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in row.items() if name not in THEIR_OWN}
    return own | {"text": _lexemes(own["text"])} if "text" in own else own


def _lexemes(vector: str) -> list[tuple[str, str]]:
    """Words with their weights: their places depend on the order in which attributes happen to be read."""
    words = (each.rsplit(":", 1) for each in vector.split())
    return [(word, "".join(sorted(set(places) - set("0123456789,")))) for word, places in words]

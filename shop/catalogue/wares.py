"""What a store sells as plain values: all that a list says of each product, read by one statement, without models.

A ware is to prices and stock what a product is (`Sold`).
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from shop.partner.querysets import next_expiry, reserved
from shop.partner.stocked import Stocked
from shop.pictures.showing import Showing, as_text, showing_of_text
from shop.stores.fields import LARGEST_ID
from shop.stores.models import Store
from shop.stores.postgresql.prepared import among, prepared
from shop.stores.routes import path_to

from .models import Product, ProductImage


@dataclass(slots=True)
class WareRecord(Stocked):
    """A stock record of a ware."""

    pk: int
    partner_sku: str
    price: Decimal | None
    price_currency: str
    num_in_stock: int | None
    num_allocated: int | None
    sold_ahead: str
    promised_on: date | None
    most_ahead: int | None
    num_reserved: int
    next_expiry: datetime | None


@dataclass(slots=True, eq=False)
class Ware:
    """A product that the store sells, or a variant of one."""

    pk: int
    parent_id: int | None
    title: str
    slug: str
    rating: float | None
    is_parent: bool
    has_options: bool
    counts_stock: bool
    picture: Showing | None
    records: list[WareRecord] = field(default_factory=list)
    variants: list["Ware"] = field(default_factory=list)
    loaded_with: Sequence["Ware"] = ()

    def get_title(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return path_to("catalogue:detail", product_slug=self.slug, pk=self.pk)

    def get_public_children(self) -> list["Ware"]:
        return self.variants

    def known_records(self) -> list[WareRecord]:
        return self.records

    def is_sold_in(self, store: Store) -> bool:
        """It is, in the store that it was read for; no other one is asked about."""
        return True


Sold = Product | Ware


def wares_sold(ids: Collection[int], store: Store) -> list[Ware]:
    """Those of these products that the store sells, in no order, with their variants: in one query, and one more where
    any has variants. A variant is none by itself: what it is called and how it is counted its parent says."""
    possible = [pk for pk in ids if pk <= LARGEST_ID]
    found = _wares(_sold(ids=possible, store=store.pk)) if possible else {}
    parents = {pk: ware for pk, ware in found.items() if ware.is_parent}
    variants = _wares(_variants(parents=list(parents))).values() if parents else ()
    for variant in variants:
        parent = parents[variant.parent_id]  # type: ignore[index]
        variant.counts_stock = parent.counts_stock
        parent.variants.append(variant)
    family = [*found.values(), *variants]
    for ware in family:
        ware.loaded_with = family
    return list(found.values())


PRODUCT = (
    *("pk", "parent_id", "title", "slug", "rating", "structure"),
    *("has_product_class_options", "has_product_options", "product_class__track_stock", "first_picture"),
)
"""What is read of a product, in the order in which `_ware` takes it."""
RECKONED = ("num_reserved", "next_expiry")
RECORD = tuple(each.name if each.name in RECKONED else f"stockrecords__{each.name}" for each in fields(WareRecord))
"""What is read of a stock record, or reckoned: the fields of `WareRecord`, in their order."""


def _wares(rows: Iterable[Sequence[Any]]) -> dict[int, Ware]:
    """By their keys. There is a row for each stock record, and one for a product without any."""
    found: dict[int, Ware] = {}
    for row in rows:
        product, record = row[: len(PRODUCT)], row[len(PRODUCT) :]
        pk, record_pk = product[0], record[0]
        ware = found.get(pk) or found.setdefault(pk, _ware(*product))
        if record_pk is not None:
            ware.records.append(WareRecord(*record))
    return found


def _ware(
    pk: int,
    parent_id: int | None,
    title: str,
    slug: str,
    rating: float | None,
    structure: str,
    class_has_options: bool,
    has_options: bool,
    counts_stock: bool | None,
    picture: str | None,
) -> Ware:
    return Ware(
        pk=pk,
        parent_id=parent_id,
        title=title,
        slug=slug,
        rating=rating,
        is_parent=structure == "parent",
        has_options=class_has_options or has_options,
        counts_stock=bool(counts_stock),
        picture=showing_of_text(picture) if picture else None,
    )


@prepared
def _sold(ids: list[int], store: int) -> QuerySet[Any]:
    return _rows(Product.objects.browsable().few_listed_in(store, ids))


@prepared
def _variants(parents: list[int]) -> QuerySet[Any]:
    public = Product.objects.public()
    return _rows(public.filter(among("parent_id", parents)).order_by("pk"))


def _rows(products: Any) -> QuerySet[Any]:
    pictures = ProductImage.objects.filter(product=OuterRef("pk"))
    first = pictures.order_by("display_order", "pk").values(it=as_text("original"))
    told = products.with_options().annotate(first_picture=Subquery(first[:1]))
    told = told.annotate(num_reserved=reserved("stockrecords__pk"), next_expiry=next_expiry("stockrecords__pk"))
    return told.values_list(*PRODUCT, *RECORD)

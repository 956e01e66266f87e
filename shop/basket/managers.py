"""Baskets of the store that is being served: a buyer has one open and one saved basket in each."""

from typing import Any

from django.db import models
from django.db.models import Exists, OuterRef
from django.db.models.lookups import IsNull
from oscar.apps.basket import managers

from shop.listings.querysets import listing_in
from shop.partner.querysets import reserved
from shop.stores.current import current_store_id
from shop.stores.postgresql.joins import looked_up


class OpenBasketManager(managers.OpenBasketManager):
    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(store=current_store_id()).prefetch_related("vouchers")


class SavedBasketManager(managers.SavedBasketManager):
    def get_queryset(self) -> models.QuerySet:
        return super().get_queryset().filter(store=current_store_id())


class LineQuerySet(models.QuerySet[Any]):
    def with_goods(self, store_id: int | None) -> "LineQuerySet":
        """With all that prices and stock are reckoned from, what other baskets are promised, whether the store still
        lists it, and whether options were chosen; in one query."""
        goods = ("product__product_class", "product__parent__product_class", "stockrecord__partner")
        known = {
            "is_listed": IsNull(listing_in(store_id, product="product__"), False),
            "reserved_by_others": reserved("stockrecord", not_by=OuterRef("basket")),
            "has_options": Exists(self.model.attributes.rel.related_model.objects.filter(line=OuterRef("pk"))),
        }
        return looked_up(self).annotate(**known).select_related(*goods).order_by("pk")

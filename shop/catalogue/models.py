from collections.abc import Sequence
from functools import cache
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from oscar.apps.catalogue.abstract_models import (
    AbstractCategory,
    AbstractProduct,
    AbstractProductAttributeValue,
    AbstractProductImage,
    MissingProductImage,
)
from oscar.utils.models import get_image_upload_path

from shop.listings.models import Listing
from shop.pictures.fields import PictureField
from shop.pictures.models import Pictured
from shop.stores.current import store_at_hand
from shop.stores.models import Store
from shop.stores.postgresql.prepared import kept_rows
from shop.stores.routes import path_to


class Category(AbstractCategory, Pictured):
    """Oscar's category, whose address is always made of the slugs as they are now."""

    picture_field = "image"

    image = PictureField(_("Image"), upload_to="categories", blank=True, null=True, max_length=255)

    def get_full_slug(self, parent_slug: str | None = None) -> str:
        if parent_slug is None and not self.is_root():
            parent_slug = self.get_parent().get_full_slug()
        return f"{parent_slug}{self._slug_separator}{self.slug}" if parent_slug else self.slug

    def address_of_child(self, pk: int, slug: str) -> str:
        """Of a category right below, of which no more is known."""
        return self.address(pk, self.full_slug, slug)

    def _get_absolute_url(self, parent_slug: str | None = None) -> str:
        return self.address(self.pk, self.get_full_slug(parent_slug))

    @classmethod
    def address(cls, pk: int, *slugs: str) -> str:
        """Of the category with this key, by the slugs from the root down to its own."""
        return path_to("catalogue:category", category_slug=cls._slug_separator.join(slugs), pk=pk)


class Product(AbstractProduct):
    """Oscar's product, which makes do with what was loaded for the page (`managers.ProductQuerySet`)."""

    def get_title(self) -> str:
        """Its title; of a variant its parent's and its own: "100 ml" alone says nothing in an order."""
        if not self.is_child:
            return self.title
        return f"{self.parent.title}, {self.title}" if self.title else self.parent.title

    loaded_with: Sequence[Any] = ()
    """The products of the same page or basket, itself among them: who needs something for one asks for all at once."""

    @cached_property
    def known_listings(self) -> dict[int, bool]:
        """Which stores are known to list it, or its parent, by their ids; filled by what loads it."""
        store_id = getattr(self, "listed_store_id", None)
        return {store_id: True} if store_id else {}

    def is_sold_in(self, store: Store) -> bool:
        """Whether a shopper of this store may see and buy it; a query where nothing has loaded that before."""
        if not self.is_public or (self.parent_id and not self.parent.is_public):
            return False
        if store.pk not in self.known_listings:
            listed = Listing.objects.filter(store=store, product=self.parent_id or self.pk)
            self.known_listings[store.pk] = listed.exists()
        return self.known_listings[store.pk]

    def get_absolute_url(self) -> str:
        return path_to("catalogue:detail", product_slug=self.slug, pk=self.pk)

    def known_records(self) -> Sequence[Any]:
        """Its stock records; a query where they have not been loaded."""
        return kept_rows(self, "stockrecords")

    @property
    def counts_stock(self) -> bool:
        """Whether its pieces are counted."""
        return self.get_product_class().track_stock

    def get_missing_image(self) -> MissingProductImage:
        return _missing_image()

    def get_all_images(self) -> Sequence["ProductImage"]:
        """Its own pictures; a variant that has none shows its parent's."""
        own = kept_rows(self, "images")
        return own if own or not self.parent_id else kept_rows(self.parent, "images")

    def primary_image(self) -> Any:
        return next(iter(self.get_all_images()), None) or super().primary_image()

    def get_attribute_values(self) -> Any:
        """Its own values, before those that a variant has of its parent."""
        own = getattr(self, "_prefetched_attribute_values", None)
        if own is None or not self.is_child:
            return super().get_attribute_values()
        its = {value.attribute_id for value in own}
        return [*own, *(v for v in self.parent._prefetched_attribute_values if v.attribute_id not in its)]

    @cached_property
    def sorted_recommended_products(self) -> list["Product"]:
        """What is recommended beside it, the best first, of that which the store sells."""
        sold = Product.objects.visible().for_store(store_at_hand())
        recommended = sold.filter(productrecommendation__primary=self.pk)
        return list(recommended.order_by("-productrecommendation__ranking", "pk").listing())


@cache
def _missing_image() -> MissingProductImage:
    """Oscar's looks for its file whenever it is made."""
    return MissingProductImage()


class ProductAttributeValue(AbstractProductAttributeValue):
    """Oscar's value, whose numbers and days are written as the reader's language writes them."""

    value_image = PictureField(upload_to=get_image_upload_path, max_length=255, blank=True, null=True)

    @property
    def _float_as_text(self) -> str:
        return number_format(self.value_float)

    @property
    def _date_as_text(self) -> str:
        return date_format(self.value_date)

    @property
    def _datetime_as_text(self) -> str:
        return date_format(localtime(self.value_datetime), "DATETIME_FORMAT")


class ProductImage(AbstractProductImage, Pictured):
    picture_field = "original"

    original = PictureField(_("Original"), upload_to=get_image_upload_path, max_length=255)


from oscar.apps.catalogue.models import *  # noqa: E402, F403 - Oscar's own, but for those above

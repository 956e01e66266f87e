"""What is searched and listed: one row for each visible product of a store, kept up by the database itself.

Triggers on the tables that a row is made of (migration 0002) write it anew in the transaction that changes them, so it
is right at once, whoever changes them and however: a form, an import, a bulk update. Nothing else writes here.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from shop.listings.models import Listing
from shop.stores.fields import MerchantOwned
from shop.stores.models import Store


class Entry(MerchantOwned):
    """A product as shoppers of a store may look for it."""

    listing = models.OneToOneField(Listing, on_delete=models.CASCADE, primary_key=True, related_name="+")
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    text = SearchVectorField()
    sort_title = models.TextField()
    """The title in lower case without accents."""
    product_class_id = models.BigIntegerField(null=True)
    category_ids = ArrayField(models.BigIntegerField())
    """Of the public categories that it is in, and of those above them."""
    price = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    """From which price it is sold to anybody, with tax where the store shows it; null where it has none."""
    is_in_stock = models.BooleanField()
    listed_at = models.DateTimeField()
    net = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    """The same price without tax, as stock records have it."""
    has_variants = models.BooleanField(db_default=False)
    leans_on_lists = models.BooleanField(db_default=False)
    """Whether it, or a variant of it, has a stock record and no price in the store's currency: lists may have one."""
    popularity = models.PositiveSmallIntegerField(db_default=0)
    """From 0 to 10, as `popularity.py` reckons."""

    class Meta:
        indexes = [
            models.Index(fields=["store", "sort_title"], name="search_entry_titles"),
            models.Index(
                fields=["store", "sort_title"],
                opclasses=["int8_ops", "text_pattern_ops"],
                name="search_entry_beginnings",
            ),
            models.Index(fields=["store", "-listed_at", "-product"], name="search_entry_newest"),
            models.Index(fields=["store", "-popularity", "-listed_at", "-product"], name="search_entry_popular"),
            models.Index(fields=["store", "price"], name="search_entry_cheapest"),
            models.Index("store", models.F("price").desc(nulls_last=True), name="search_entry_dearest"),
            models.Index(
                fields=["store"],
                condition=Q(has_variants=True) | Q(leans_on_lists=True),
                name="search_entry_particular",
            ),
            GinIndex(fields=["text"], name="search_entry_text"),
            GinIndex(fields=["category_ids"], name="search_entry_categories"),
            GinIndex(fields=["sort_title"], opclasses=["gin_trgm_ops"], name="search_entry_trigrams"),
        ]

    def __str__(self) -> str:
        return self.sort_title


class Word(MerchantOwned):
    """A word of the titles in a store, without accents and in lower case; what is mistyped is compared with these.

    Triggers on the rows above add new ones (migration 0003). One may be there twice, or in no title any more.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+", db_index=False)
    word = models.CharField(max_length=60)

    class Meta:
        indexes = [
            models.Index(fields=["store", "word"], name="search_word_of_store"),
            GinIndex(fields=["word"], opclasses=["gin_trgm_ops"], name="search_word_trigrams"),
        ]

    def __str__(self) -> str:
        return self.word


class Interest(MerchantOwned):
    """What a product, with its variants, is worth to those who look at it and buy it, as `popularity.py` reckons."""

    product = models.OneToOneField("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    counted = models.FloatField()
    """All points that had been counted."""
    points = models.FloatField()
    """What was left of them then: the older the less."""
    reckoned_at = models.DateTimeField()

    class Meta:
        default_permissions = ()


class Feed(MerchantOwned):
    """That a merchant's rows are told to OpenSearch as well: while it is there, triggers note what changes."""

    making = models.CharField(max_length=60, blank=True)
    """The index that is being made anew, which is told of changes, too."""

    class Meta:
        default_permissions = ()


class Change(MerchantOwned):
    """A product whose rows of search have changed since OpenSearch was told of it (migration 0006)."""

    product_id = models.BigIntegerField()
    """No foreign key: what is gone has to be told as well."""

    class Meta:
        default_permissions = ()

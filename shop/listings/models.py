"""Which products a store sells: stores of one merchant share a catalogue, each shows its part of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned
from shop.stores.models import Store


class Listing(MerchantOwned):
    """A store sells a product. Variants have no listing of their own: they follow their parent."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="listings")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="listings")
    listed_at = models.DateTimeField(_("listed"), auto_now_add=True)

    class Meta:
        verbose_name = _("listing")
        verbose_name_plural = _("listings")
        constraints = [models.UniqueConstraint(fields=["store", "product"], name="listed_once_per_store")]

    def __str__(self) -> str:
        return f"{self.product_id} in {self.store_id}"

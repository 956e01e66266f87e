from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.apps.dashboard.catalogue import forms as oscars
from oscar.core.utils import slugify

from shop.catalogue.models import Product
from shop.inventory.actions.movements import set_totals
from shop.listings.actions import sell_only_in
from shop.partner.models import StockRecord
from shop.pictures.fields import PictureFormField
from shop.pricing.formats import trimmed
from shop.staff.reach import Reach
from shop.stores.models import Store


class CategoryForm(oscars.CategoryForm):
    def clean_slug(self) -> str:
        """Never empty for a category that has one: the form's page links to it, refused or not."""
        return self.cleaned_data["slug"] or slugify(self.cleaned_data.get("name", "")) or self.instance.slug


class ProductForm(oscars.ProductForm):
    """With the stores within reach that sell the product; of those beyond, nothing is shown or changed."""

    FIELD_FACTORIES = oscars.ProductForm.FIELD_FACTORIES | {
        "image": lambda attribute: PictureFormField(label=attribute.name, required=attribute.required)
    }

    stores = forms.ModelMultipleChoiceField(
        Store.objects.none(), label=_("Sold in"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_child:
            del self.fields["stores"]
            return
        stores = reach.stores()
        listed = stores.filter(listings__product=self.instance.pk)
        self.fields["stores"].queryset = stores
        self.fields["stores"].initial = listed if self.instance.pk else stores

    def save(self, commit: bool = True) -> Product:
        product = super().save(commit)
        if "stores" in self.fields:
            sell_only_in(self.cleaned_data["stores"], product, among=self.fields["stores"].queryset)
        return product


class StockRecordForm(oscars.StockRecordForm):
    """Writes what staff have changed and nothing else, since orders take stock meanwhile; how many there are, by the
    ledger. A price is in the currency of one of the merchant's stores, since no other would show it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = dict.fromkeys(Store.objects.order_by("pk").values_list("currency", flat=True))
        if self.instance.pk:
            codes[self.instance.price_currency] = None
        self.fields["price_currency"] = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in codes])
        self.fields["price"].label = _("Price without tax")
        if self.instance.price is not None:
            self.initial["price"] = trimmed(self.instance.price)

    def save(self, commit: bool = True) -> StockRecord:
        if not commit or self.instance.pk is None:
            return super().save(commit)
        changed = [name for name in self.changed_data if name in self._meta.fields and name != "num_in_stock"]
        self.instance.save(update_fields=[*changed, "date_updated"])
        if "num_in_stock" in self.changed_data:
            set_totals({self.instance.pk: self.cleaned_data["num_in_stock"]}, by=self.user)
        return self.instance

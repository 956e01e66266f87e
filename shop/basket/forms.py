"""Putting things into the basket and changing how many: what is wrong is said in a sentence, and nothing is lost."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.apps.basket import forms as oscars
from oscar.apps.basket.forms import *  # noqa: F403 - Oscar looks for its other forms here

from shop.catalogue.models import Product

QUANTITY_ERRORS = {
    "required": _("Say how many."),
    "invalid": _("Say how many in whole numbers."),
    "min_value": _("Say how many: at least one."),
}
VARIANT_ERRORS = {"required": _("Please choose a variant."), "invalid_choice": _("Please choose a variant.")}


class AddToBasketForm(oscars.AddToBasketForm):
    quantity = forms.IntegerField(initial=1, min_value=1, label=_("Quantity"), error_messages=QUANTITY_ERRORS)

    def _create_parent_product_fields(self, product: Product) -> None:
        self.fields["child_id"] = forms.TypedChoiceField(
            coerce=int,
            choices=[(child.pk, name_of_variant(child)) for child in product.get_public_children()],
            label=_("Variant"),
            error_messages=VARIANT_ERRORS,
        )

    def clean_child_id(self) -> int:
        """The variant is among those that were loaded to be chosen from."""
        pk = self.cleaned_data["child_id"]
        self.child_product = next(child for child in self.parent_product.get_public_children() if child.pk == pk)
        return pk

    def clean(self) -> dict[str, Any]:
        """Nothing more is said where the fields themselves are wrong."""
        return self.cleaned_data if self.errors else super().clean()

    def cleaned_options(self) -> list[dict[str, Any]]:
        return super().cleaned_options() if self.parent_product.has_options else []


class SimpleAddToBasketForm(oscars.SimpleAddToBasketMixin, AddToBasketForm):
    pass


class BasketLineForm(oscars.BasketLineForm):
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=0, required=False, initial=1, error_messages=QUANTITY_ERRORS
    )

    def save(self, commit: bool = True) -> Any:
        """Who changes the quantity has seen the price."""
        if self.instance.purchase_info.price.exists:
            self.instance.note_price()
        return super().save(commit)


class SavedLineForm(oscars.SavedLineForm):
    def clean(self) -> dict[str, Any]:
        """What was saved for later can be moved back as far as there is stock for it."""
        if not self.instance.pk:
            self.cleaned_data["move_to_basket"] = False
        if self.cleaned_data.get("move_to_basket"):
            wanted = self.basket.product_quantity(self.instance.product) + self.instance.quantity
            is_permitted, reason = self.instance.purchase_info.availability.is_purchase_permitted(wanted)
            if not is_permitted:
                raise forms.ValidationError(reason)
        return self.cleaned_data


def name_of_variant(variant: Product) -> str:
    """What tells it from its siblings: its own title, or its attributes."""
    return variant.title or variant.attribute_summary or variant.get_title()

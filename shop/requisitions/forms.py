"""What people say about their lists: a name, who sees them, how many of each product; and where to put things."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.basket.forms import QUANTITY_ERRORS, VARIANT_ERRORS, name_of_variant
from shop.catalogue.models import Product
from shop.companies.models import Company

from .actions import MOST_PIECES
from .models import RequisitionLine, RequisitionList

NAME_ERRORS = {"required": _("Please give the list a name.")}


def quantity_field(initial: int = 1) -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Quantity"), initial=initial, min_value=1, max_value=MOST_PIECES, error_messages=QUANTITY_ERRORS
    )


class ListForm(forms.Form):
    """A list's name and, for those who buy for a company, whether the company shares it."""

    name = forms.CharField(label=_("Name"), max_length=100, error_messages=NAME_ERRORS)
    is_shared = forms.BooleanField(required=False)

    def __init__(self, *args: Any, company: Company | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        if company is None:
            del self.fields["is_shared"]
        else:
            self.fields["is_shared"].label = _("Share it with all who buy for %(company)s") % {"company": company}

    @property
    def shared_in(self) -> Company | None:
        """Of a valid form."""
        return self.company if self.cleaned_data.get("is_shared") else None


class KeepForm(ListForm):
    """On which list things are put: one that there is, or a new one."""

    field_order = ["to", "name", "is_shared"]
    to = forms.ModelChoiceField(RequisitionList.objects.none(), required=False, label=_("Requisition list"))

    def __init__(self, *args: Any, lists: Iterable[RequisitionList], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the new list")
        self.fields["name"].required = False
        self.fields["to"].empty_label = _("A new list")
        self.fields["to"].queryset = lists

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("to") and not said.get("name") and not self.errors:
            self.add_error("name", NAME_ERRORS["required"])
        return said


class KeepProductForm(KeepForm):
    """The same for one product: how many, and which variant."""

    field_order = ["variant", "quantity", "to", "name", "is_shared"]
    quantity = quantity_field()

    def __init__(self, *args: Any, product: Product, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.product = product
        if product.is_parent:
            variants = [(child.pk, name_of_variant(child)) for child in product.get_public_children()]
            self.fields["variant"] = forms.TypedChoiceField(
                coerce=int, choices=variants, label=_("Variant"), error_messages=VARIANT_ERRORS
            )
            self.order_fields(self.field_order)

    def chosen(self) -> tuple[Product, int]:
        """What is to be put on the list, and how many. Of a valid form."""
        variants = {child.pk: child for child in self.product.get_public_children()} if self.product.is_parent else {}
        return variants.get(self.cleaned_data.get("variant"), self.product), self.cleaned_data["quantity"]


class QuantitiesForm(forms.Form):
    """How many of each line of a list."""

    def __init__(self, *args: Any, lines: Iterable[RequisitionLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in lines:
            self.fields[f"quantity-{line.pk}"] = quantity_field(line.quantity)

    def quantities(self) -> dict[int, int]:
        """By the ids of the lines, those that are valid."""
        said = getattr(self, "cleaned_data", {})
        return {int(name.removeprefix("quantity-")): quantity for name, quantity in said.items()}

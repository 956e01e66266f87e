"""What staff say about price lists."""

from typing import Any

from babel.numbers import list_currencies
from django import forms
from django.utils.translation import gettext_lazy as _

from shop.pricing.levels import Level, ListState
from shop.pricing.models import PriceList

from .names import AmountInput, CompanyField, MomentField, PriceListField

TARGETS = {Level.CONTRACT: "company", Level.COMPANY: "company", Level.GROUP: "group", Level.STORE: "store"}
"""What a list of each level is for; those of the others are for everybody."""


class PriceListSearchForm(forms.Form):
    q = forms.CharField(label=_("Name, or for whom"), required=False, max_length=200)
    level = forms.TypedChoiceField(
        label=_("Is for"), required=False, coerce=int, empty_value=None, choices=[("", _("All")), *Level.choices]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *ListState.choices])


class WordsForm(forms.Form):
    q = forms.CharField(label=_("SKU, title or category"), required=False, max_length=200)


class TermsForm(forms.ModelForm):
    """What a list is apart from its prices. What its level is not for is left empty, whatever was typed there."""

    company = CompanyField(
        label=_("Company"), required=False, help_text=_("Customer number or name, where it is for a company.")
    )
    base = PriceListField(
        label=_("Base list"),
        required=False,
        help_text=_("Short name of what percentages and amounts are taken off. Empty: the product's own price."),
    )

    class Meta:
        model = PriceList
        fields = [
            *("name", "code", "level", "company", "group", "store", "currency", "includes_tax", "base"),
            *("starts_at", "ends_at", "priority", "mix_and_match", "allows_offers", "minimum_order_value"),
        ]
        field_classes = {"starts_at": MomentField, "ends_at": MomentField}
        widgets = {"minimum_order_value": AmountInput}
        help_texts = {
            "starts_at": _("UTC. Empty: from the moment on at which it is published."),
            "ends_at": _("UTC. At this moment it ends. Empty: never."),
            "currency": _("Three letters, such as GBP."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("company", "base"):
            self.initial[name] = getattr(self.instance, name) or self.initial.get(name)

    def clean_currency(self) -> str:
        currency = self.cleaned_data["currency"].strip().upper()
        if currency not in list_currencies():
            raise forms.ValidationError(_("There is no currency “%(code)s”."), params={"code": currency})
        return currency

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        wanted = TARGETS.get(said.get("level"))
        for name in ("company", "group", "store"):
            if name != wanted:
                said[name] = None
                self.errors.pop(name, None)
            elif not said.get(name) and name not in self.errors:
                self.add_error(name, _("Say which one the list is for."))
        if said.get("starts_at") and said.get("ends_at") and said["ends_at"] <= said["starts_at"]:
            self.add_error("ends_at", _("A list must not end before it starts."))
        if (said.get("minimum_order_value") or 0) < 0:
            self.add_error("minimum_order_value", _("It must not be negative."))
        return said

    def refuse(self, field: str | None, reason: str) -> None:
        """Say at its field why the terms can't be so."""
        self.add_error(field if field in self.fields else None, reason)


class CopyForm(forms.ModelForm):
    class Meta:
        model = PriceList
        fields = ["name", "code"]

"""What staff say about prices."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.pricing.levels import Level, ListState


class PriceListSearchForm(forms.Form):
    q = forms.CharField(label=_("Name, or for whom"), required=False, max_length=200)
    level = forms.TypedChoiceField(
        label=_("Is for"), required=False, coerce=int, empty_value=None, choices=[("", _("All")), *Level.choices]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *ListState.choices])

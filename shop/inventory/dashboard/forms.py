"""What staff say about stock."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.costs.dashboard.forms import SpreadsheetField
from shop.inventory.actions.movements import BY_HAND
from shop.inventory.models import Location, StockPolicy
from shop.partner.models import SoldAhead

MOST = 10_000_000


class StockSearchForm(forms.Form):
    q = forms.CharField(label=_("SKU or product"), required=False, max_length=200)
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("Everything")),
            ("low", _("Below its threshold")),
            ("out", _("Nothing left")),
            ("awaited", _("Awaited by orders")),
        ],
    )


class BookForm(forms.Form):
    """Pieces that come, or that a correction takes out."""

    location = forms.ModelChoiceField(Location.objects.none(), label=_("Location"), empty_label=None)
    pieces = forms.IntegerField(
        label=_("Pieces"), min_value=-MOST, max_value=MOST, help_text=_("A correction may take some out: -2.")
    )
    cause = forms.ChoiceField(label=_("Cause"), choices=[(cause.value, cause.label) for cause in BY_HAND])
    reference = forms.CharField(label=pgettext_lazy("of a movement", "Reference"), required=False, max_length=128)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = Location.objects.active()  # type: ignore[attr-defined]

    def clean_pieces(self) -> int:
        if not self.cleaned_data["pieces"]:
            raise forms.ValidationError(_("Say how many."))
        return self.cleaned_data["pieces"]


class TransferForm(forms.Form):
    origin = forms.ModelChoiceField(Location.objects.none(), label=pgettext_lazy("location", "From"), empty_label=None)
    target = forms.ModelChoiceField(Location.objects.none(), label=pgettext_lazy("location", "To"))
    pieces = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=MOST)
    reference = forms.CharField(label=pgettext_lazy("of a movement", "Reference"), required=False, max_length=128)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="transfer_%s", **kwargs)  # below a form with fields of the same names
        for name in ("origin", "target"):
            self.fields[name].queryset = Location.objects.active()  # type: ignore[attr-defined]


class TermsForm(forms.Form):
    how = forms.ChoiceField(label=_("Sold before it is there"), required=False, choices=SoldAhead.choices)
    promised_on = forms.DateField(
        label=_("Expected on"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    most = forms.IntegerField(
        label=_("At most"), required=False, min_value=0, max_value=MOST, help_text=_("Pieces; empty: any number.")
    )


class LocationForm(forms.ModelForm):
    class Meta:
        model = Location
        fields = ["name", "code", "kind", "line1", "line4", "postcode", "country", "priority", "is_active"]


class PolicyForm(forms.ModelForm):
    hold_minutes = forms.IntegerField(
        label=_("Goods are kept for a buyer who pays"), min_value=1, max_value=24 * 60, help_text=_("Minutes.")
    )

    class Meta:
        model = StockPolicy
        fields = ["rule", "hold_minutes"]


class CountImportForm(forms.Form):
    file = SpreadsheetField()
    is_rehearsal = forms.BooleanField(
        label=_("Only check"), required=False, initial=False, help_text=_("Says what would happen, and keeps nothing.")
    )

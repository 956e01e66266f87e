"""What staff say about price files."""

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from shop.pricefiles.models import DECIMAL_MARKS, SigningPolicy
from shop.pricefiles.states import Mode, Outcome
from shop.pricing.dashboard.names import MomentField

LARGEST_FILE_B = 200 * 1024**2
"""A million rows take forty megabytes."""


class SendForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        validators=[FileExtensionValidator(["csv", "xlsx"])],
        help_text=_("CSV or XLSX, 200 MB at most."),
    )
    mode = forms.ChoiceField(label=_("What it does"), choices=Mode.choices)
    decimal_mark = forms.ChoiceField(label=_("Prices are written"), choices=DECIMAL_MARKS)
    takes_effect_at = MomentField(
        label=_("Counts from"), required=False, help_text=_("Empty: as soon as it is published.")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE_B:
            raise forms.ValidationError(_("The file is larger than 200 MB: divide it."))
        return file


class RowsForm(forms.Form):
    """Which differences are shown."""

    show = forms.ChoiceField(choices=Outcome.choices, required=False)
    q = forms.CharField(label=_("SKU or category"), required=False, max_length=200)
    order = forms.ChoiceField(
        label=_("Order"), choices=[("", _("as in the file")), ("change", _("largest change first"))], required=False
    )
    page = forms.IntegerField(min_value=1, max_value=100_000, required=False)


class SignForm(forms.Form):
    leaves_out_refused = forms.BooleanField(label=_("without the refused rows"), required=False)


class PolicyForm(forms.ModelForm):
    class Meta:
        model = SigningPolicy
        fields = ["needs_second_person"]


class ExportForm(forms.Form):
    format = forms.ChoiceField(label=_("As"), choices=[("csv", "CSV"), ("xlsx", "XLSX")])
    moment = MomentField(
        label=_("As it counted at"), required=False, help_text=_("Empty: as it is now, with what counts only later.")
    )

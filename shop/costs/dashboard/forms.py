"""What staff say about costs."""

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

LARGEST_FILE_B = 20 * 1024**2


class CostSearchForm(forms.Form):
    q = forms.CharField(label=_("SKU or product"), required=False, max_length=200)


class CostImportForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        validators=[FileExtensionValidator(["csv", "xlsx"])],
        help_text=_("CSV or XLSX, 20 MB at most."),
    )
    decimal_mark = forms.ChoiceField(label=_("Costs are written"), choices=[(".", "9.50"), (",", "9,50")])
    is_rehearsal = forms.BooleanField(
        label=_("Only check"), required=False, initial=True, help_text=_("Says what would happen, and writes nothing.")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE_B:
            raise forms.ValidationError(_("The file is larger than 20 MB: divide it."))
        return file

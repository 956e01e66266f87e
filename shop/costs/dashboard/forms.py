"""What staff say about costs."""

from typing import Any

from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

LARGEST_FILE_B = 20 * 1024**2


class CostSearchForm(forms.Form):
    q = forms.CharField(label=_("SKU or product"), required=False, max_length=200)


class SpreadsheetField(forms.FileField):
    """A CSV or XLSX file."""

    def __init__(self) -> None:
        allowed = [FileExtensionValidator(["csv", "xlsx"])]
        super().__init__(label=_("File"), validators=allowed, help_text=_("CSV or XLSX, 20 MB at most."))

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if file and file.size > LARGEST_FILE_B:
            raise forms.ValidationError(_("The file is larger than 20 MB: divide it."))
        return file


class CostImportForm(forms.Form):
    file = SpreadsheetField()
    decimal_mark = forms.ChoiceField(label=_("Costs are written"), choices=[(".", "9.50"), (",", "9,50")])
    is_rehearsal = forms.BooleanField(
        label=_("Only check"), required=False, initial=True, help_text=_("Says what would happen, and writes nothing.")
    )

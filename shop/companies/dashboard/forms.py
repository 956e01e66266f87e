"""What staff say about companies."""

from typing import Any

from babel.numbers import list_currencies
from django import forms
from django.core.validators import FileExtensionValidator
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import User
from shop.companies.imports import KINDS
from shop.companies.models import ApplicationStatus, Company, CompanyStatus, CustomerGroup, PartNumber
from shop.staff.querysets import staff

LARGEST_FILE_B = 10 * 1024**2


class CompanyForm(forms.ModelForm):
    code = forms.CharField(
        label=_("Customer number"), max_length=30, required=False, help_text=_("Empty: a new one is given.")
    )

    sales_person = forms.ModelChoiceField(
        label=_("Sales person"),
        required=False,
        queryset=User.objects.none(),
        help_text=_("Looks after the company: its orders are credited to them."),
    )

    class Meta:
        model = Company
        fields = [
            *("name", "code", "group", "tax_id", "is_tax_exempt", "exemption_reference"),
            *("tax_display", "terms_days", "credit_limit", "credit_currency", "sales_person", "note"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["sales_person"].queryset = staff()  # type: ignore[attr-defined]

    def clean_credit_currency(self) -> str:
        code = self.cleaned_data["credit_currency"].upper()
        if code and code not in list_currencies():
            raise forms.ValidationError(_("There is no currency “%(code)s”."), params={"code": code})
        return code

    def clean(self) -> dict[str, Any]:
        """One that is exempt says by what."""
        said = super().clean() or {}
        if said.get("is_tax_exempt") and not said.get("exemption_reference"):
            self.add_error("exemption_reference", _("Say which certificate exempts the company."))
        if self.instance.pk and not said.get("code"):
            said["code"] = self.initial["code"]
        return said


class CompanySearchForm(forms.Form):
    q = forms.CharField(label=_("Name, number or person"), required=False, max_length=200)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *CompanyStatus.choices])
    group = forms.ModelChoiceField(label=_("Customer group"), required=False, queryset=CustomerGroup.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = CustomerGroup.objects.all()  # type: ignore[attr-defined]


class ApplicationSearchForm(forms.Form):
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[*ApplicationStatus.choices, ("all", _("All"))]
    )


class SuspensionForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500, help_text=_("For the audit trail."))


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The applicant is told."),
    )


class PartNumberForm(forms.ModelForm):
    sku = forms.CharField(label=_("SKU"), max_length=128)

    class Meta:
        model = PartNumber
        fields = ["number"]


class GroupForm(forms.ModelForm):
    class Meta:
        model = CustomerGroup
        fields = ["name", "code"]


class ImportForm(forms.Form):
    kind = forms.ChoiceField(label=_("What"), choices=[(kind, value.label) for kind, value in KINDS.items()])
    file = forms.FileField(
        label=_("File"),
        validators=[FileExtensionValidator(["csv", "xlsx"])],
        help_text=_("CSV or XLSX, 10 MB at most."),
    )
    is_rehearsal = forms.BooleanField(
        label=_("Only check"), required=False, initial=True, help_text=_("Says what would happen, and writes nothing.")
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE_B:
            raise forms.ValidationError(_("The file is larger than 10 MB: divide it."))
        return file

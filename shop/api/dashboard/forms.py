"""What an owner says of a new key."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import User
from shop.api.models import Access
from shop.companies.models import Company

LAST_YEAR = 2999
"""Beyond it lie days that calendars and databases reckon with in different ways."""


class KeyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Who uses it, for what."))
    email = forms.EmailField(
        label=_("Acts as"), max_length=254, help_text=_("The e-mail address of a customer: whose prices and orders.")
    )
    company_code = forms.CharField(
        label=_("Buys for"),
        max_length=30,
        required=False,
        help_text=_("The customer number of a company. Empty: for the account itself."),
    )
    access = forms.ChoiceField(label=_("May"), choices=Access.choices, initial=Access.READ)
    last_day = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Empty: until it is revoked."),
    )

    def clean_email(self) -> str:
        """Finds the `customer`."""
        email = User.objects.normalize_email(self.cleaned_data["email"])
        self.customer = User.objects.filter(email=email, stands_for_operator=False).first()
        if self.customer is None:
            raise forms.ValidationError(_("No customer has this address."))
        return email

    def clean_company_code(self) -> str:
        """Finds the `company`."""
        code = self.cleaned_data["company_code"]
        self.company = Company.objects.filter(code__iexact=code).first() if code else None
        if code and self.company is None:
            raise forms.ValidationError(_("No company has this number."))
        return code

    def clean_last_day(self) -> Any:
        day = self.cleaned_data["last_day"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("That day is over."))
        if day and day.year > LAST_YEAR:
            raise forms.ValidationError(_("Leave it empty for a key that never expires."))
        return day

    @property
    def expires_at(self) -> datetime | None:
        """The end of the last day; None for never."""
        day = self.cleaned_data["last_day"]
        return day and timezone.make_aware(datetime.combine(day + timedelta(days=1), time()))

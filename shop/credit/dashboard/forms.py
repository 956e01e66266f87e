"""What staff say about gift cards and store credit."""

import secrets
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import User
from shop.companies.models import Company
from shop.credit.models import AccountKind
from shop.stores.models import Store


class _AmountForm(forms.Form):
    """An amount in one of the currencies that the merchant's stores sell in. `token` makes two clicks one."""

    amount = forms.DecimalField(label=_("Amount"), max_digits=8, decimal_places=2, min_value=Decimal("0.01"))
    currency = forms.ChoiceField(label=_("Currency"))
    token = forms.RegexField(r"^[0-9a-f]{16}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"token": secrets.token_hex(8), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        codes = dict.fromkeys(code for store in Store.objects.order_by("pk") for code in store.currencies)
        self.fields["currency"].choices = [(code, code) for code in codes]  # type: ignore[attr-defined]


class GiftCardForm(_AmountForm):
    expires_on = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=200, help_text=_("For staff: who it is for."))

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day and day < timezone.localdate():
            raise forms.ValidationError(_("This day has passed."))
        return day


class StoreCreditForm(_AmountForm):
    owner = forms.CharField(
        label=_("For whom"), max_length=254, help_text=_("A customer's e-mail address, or a company's customer number.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def clean_owner(self) -> User | Company:
        said = self.cleaned_data["owner"].strip()
        found = Company.objects.filter(code__iexact=said).first() or User.objects.filter(email=said.lower()).first()
        if found is None:
            raise forms.ValidationError(_("There is no such customer and no such company."))
        return found


class CorrectionForm(forms.Form):
    amount = forms.DecimalField(
        label=_("Amount"), max_digits=8, decimal_places=2, help_text=_("With a minus: it is taken off.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300)
    token = forms.RegexField(r"^[0-9a-f]{16}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"token": secrets.token_hex(8)}} | kwargs)


class AccountSearchForm(forms.Form):
    q = forms.CharField(label=_("Customer, note or end of the code"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *AccountKind.choices])

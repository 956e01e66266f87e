"""What operators type."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shop.stores.actions import NewStore
from shop.stores.models import HOST_NAME, TaxDisplay
from shop.stores.themes import installed_themes

from .actions import NewMerchant

CURRENCIES = ("GBP", "EUR", "USD", "CHF", "SEK", "DKK", "NOK", "PLN", "CZK")


class HostField(forms.CharField):
    """A host name, in lower case and without port."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=253, validators=[HOST_NAME], **kwargs)

    def to_python(self, value: Any) -> str:
        return super().to_python(value).lower().rstrip(".")


class StoreForm(forms.Form):
    store_name = forms.CharField(label=_("Store's name"), max_length=100)
    store_slug = forms.SlugField(label=_("Store's short name"), max_length=50)
    host = HostField(label=_("Host name"), help_text=_("Such as shop.example.com; its DNS must lead here."))
    theme = forms.ChoiceField(label=_("Theme"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in CURRENCIES])
    tax_display = forms.ChoiceField(label=_("Prices are shown"), choices=TaxDisplay.choices)
    tax_percent = forms.DecimalField(
        label=_("Tax in per cent"), min_value=0, max_value=100, decimal_places=2, initial=20
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["theme"].choices = [(name, name) for name in sorted(installed_themes())]  # type: ignore[attr-defined]

    def new_store(self) -> NewStore:
        data = self.cleaned_data
        return NewStore(
            name=data["store_name"],
            slug=data["store_slug"],
            host=data["host"],
            theme=data["theme"],
            language=data["language"],
            currency=data["currency"],
            tax_display=TaxDisplay(data["tax_display"]),
            tax_rate=data["tax_percent"] / 100,
        )


class MerchantForm(StoreForm):
    name = forms.CharField(label=_("Merchant's name"), max_length=100)
    slug = forms.SlugField(label=_("Merchant's short name"), max_length=50)
    owner_email = forms.EmailField(label=_("Owner's e-mail address"), help_text=_("Gets a link to choose a password."))

    field_order = ["name", "slug", "owner_email"]

    def new_merchant(self) -> NewMerchant:
        data = self.cleaned_data
        return NewMerchant(data["name"], data["slug"], self.new_store(), data["owner_email"])


class HostForm(forms.Form):
    host = HostField(label=_("Another host name"))


class VisitForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, help_text=_("The merchant reads it."))
    store = forms.ChoiceField(label=_("Through the door of"))
    minutes = forms.TypedChoiceField(
        label=_("For"),
        coerce=int,
        choices=[(15, _("15 minutes")), (30, _("30 minutes")), (60, _("an hour"))],
        initial=30,
    )
    may_write = forms.BooleanField(
        label=_("I have to change something"), required=False, help_text=_("Otherwise you only look.")
    )

    def __init__(self, *args: Any, hosts: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["store"].choices = [(host, host) for host in hosts]  # type: ignore[attr-defined]

    @property
    def lasting(self) -> timedelta:
        return timedelta(minutes=self.cleaned_data["minutes"])

"""What merchants settle of their stores themselves; hosts, themes and languages are the operators'."""

from decimal import Decimal
from typing import Any

from babel.numbers import list_currencies
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.generic import ListView, UpdateView

from shop.audit.actions import record
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest
from shop.stores.actions import content_changed
from shop.stores.models import Store

from .stores import shown_reach

LIST = reverse_lazy("dashboard:store-list")


class CurrenciesField(forms.CharField):
    """Codes of ISO 4217 with blanks or commas between them; a list of them, each once."""

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else " ".join(value)

    def clean(self, value: Any) -> list[str]:
        codes = list(dict.fromkeys(super().clean(value).upper().replace(",", " ").split()))
        if unknown := [code for code in codes if code not in list_currencies()]:
            raise forms.ValidationError(_("There is no currency “%(code)s”."), params={"code": unknown[0][:20]})
        return codes


class StoreSettingsForm(forms.ModelForm):
    tax_percent = forms.DecimalField(label=_("Tax in per cent"), min_value=0, max_value=100, decimal_places=2)
    further_currencies = CurrenciesField(
        label=_("Further currencies"),
        required=False,
        max_length=200,
        help_text=_("Such as EUR USD. Products are sold in them at the prices of lists in that currency."),
    )

    class Meta:
        model = Store
        fields = [
            *("name", "sender_address", "further_currencies", "tax_display", "hides_prices"),
            *("asks_cookie_consent", "buyers_may_cancel", "shipping_countries"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tax_percent"].initial = (self.instance.tax_rate * 100).normalize() + 0

    def clean_further_currencies(self) -> list[str]:
        """The store's own is none of them."""
        return [code for code in self.cleaned_data["further_currencies"] if code != self.instance.currency]

    def clean_tax_percent(self) -> Decimal:
        self.instance.tax_rate = self.cleaned_data["tax_percent"] / 100
        return self.cleaned_data["tax_percent"]


class StoreListView(ListView):
    request: StaffRequest
    template_name = "dashboard/stores.html"
    context_object_name = "stores"

    def get_queryset(self) -> QuerySet[Store]:
        return shown_reach(self.request, "stores.change_store").stores().select_related("site")


class StoreSettingsView(UpdateView):
    request: StaffRequest
    form_class = StoreSettingsForm
    template_name = "dashboard/form.html"
    success_url = LIST

    def get_queryset(self) -> QuerySet[Store]:
        return reach_of(self.request.user, "stores.change_store").stores()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=self.object.site.hostname, back=LIST, **kwargs)

    def form_valid(self, form: StoreSettingsForm) -> HttpResponse:
        changed = {name: str(form.cleaned_data[name])[:500] for name in form.changed_data}
        response = super().form_valid(form)
        content_changed()
        record("store.settings_changed", by=self.request.user, target=self.object, store=self.object, **changed)
        messages.success(self.request, _("Saved."))
        return response

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from shop.shipping.models import DeliveryRate
from shop.staff.reach import Reach


class DeliveryRateForm(forms.ModelForm):
    """A rate of one of the stores within reach."""

    class Meta:
        model = DeliveryRate
        fields = ["store", "name", "code", "description", "currency", "charge", "free_from", "countries", "position"]

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = reach.stores()
        self.fields["store"].queryset = stores  # type: ignore[attr-defined]
        sold_in = dict.fromkeys(code for store in stores for code in store.currencies)
        self.fields["currency"] = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in sold_in])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        store, currency = data.get("store"), data.get("currency")
        if store and currency and currency not in store.currencies:
            sold_in = {"store": store, "all": ", ".join(store.currencies)}
            self.add_error("currency", _("%(store)s sells in %(all)s.") % sold_in)
        return data

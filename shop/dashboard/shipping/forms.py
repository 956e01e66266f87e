from typing import Any

from django import forms

from shop.shipping.models import DeliveryRate
from shop.staff.reach import Reach


class DeliveryRateForm(forms.ModelForm):
    """A rate of one of the stores within reach."""

    class Meta:
        model = DeliveryRate
        fields = ["store", "name", "code", "description", "charge", "free_from", "countries", "position"]

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["store"].queryset = reach.stores()  # type: ignore[attr-defined]

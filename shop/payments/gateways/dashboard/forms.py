from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from ...registry import METHODS
from ..contract import PaymentStatus
from ..registry import GATEWAYS


class PaymentSearchForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *PaymentStatus.choices])
    gateway = forms.ChoiceField(
        label=_("Gateway"), required=False, choices=[("", _("All")), *((code, METHODS[code].name) for code in GATEWAYS)]
    )
    lapsing = forms.BooleanField(label=_("Set aside for two more days at most"), required=False)
    order = forms.CharField(label=_("Order"), required=False, max_length=128)


class AmountForm(forms.Form):
    """Up to what there is, which stands in it at first; `before` is what was refunded when the page was made."""

    amount = forms.DecimalField(label=_("Amount"), min_value=Decimal("0.01"), max_digits=14, decimal_places=2)
    before = forms.DecimalField(widget=forms.HiddenInput, required=False, max_digits=14, decimal_places=2)

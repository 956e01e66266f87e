"""Orders above an amount."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.pricing.formats import money

from ..contract import Signals


class AmountForm(forms.Form):
    most = forms.DecimalField(
        label=_("Amount"), min_value=0, max_digits=12, decimal_places=2, initial=1000, help_text=_("In each currency.")
    )


class Amount:
    code = "amount"
    name = _("Large amounts")
    note = _("Holds an order that costs more.")
    is_on_at_first = False
    options_form = AmountForm

    def judge(self, signals: Signals, options: Mapping[str, Any]) -> str:
        if signals.amount <= options["most"]:
            return ""
        return gettext("It costs %(amount)s.") % {"amount": money(signals.amount, signals.currency)}

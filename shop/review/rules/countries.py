"""Billed in one country and delivered to another."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..contract import Signals


class Countries:
    code = "countries"
    name = _("Two countries")
    note = _("Holds an order that is billed in one country and delivered to another.")
    is_on_at_first = False
    options_form = forms.Form

    def judge(self, signals: Signals, options: Mapping[str, Any]) -> str:
        billed, delivered = signals.billing_country, signals.shipping_country
        if not billed or not delivered or billed == delivered:
            return ""
        return gettext("Billed in %(billed)s, delivered to %(delivered)s.") % {"billed": billed, "delivered": delivered}

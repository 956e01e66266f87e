"""The same buyer, network or card again and again within an hour: how stolen cards are tried."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..contract import Signals


class VelocityForm(forms.Form):
    email = forms.IntegerField(label=_("Orders of one e-mail address in an hour"), min_value=2, initial=5)
    network = forms.IntegerField(label=_("Orders from one network address in an hour"), min_value=2, initial=10)
    card = forms.IntegerField(label=_("Orders by one card in an hour"), min_value=2, initial=4)


class Velocity:
    code = "velocity"
    name = _("Too many in an hour")
    note = _(
        "Holds an order when so many come from the same e-mail address, or are paid from one network or by one card."
    )
    is_on_at_first = True
    options_form = VelocityForm

    def judge(self, signals: Signals, options: Mapping[str, Any]) -> str:
        for what, named in (
            ("card", gettext("card")),
            ("email", gettext("e-mail address")),
            ("network", gettext("network")),
        ):
            count = signals.attempts.get(what, 0)
            if count >= options[what]:
                text = gettext("%(count)d orders within an hour by the same %(what)s.")
                return text % {"count": count, "what": named}
        return ""

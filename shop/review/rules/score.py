"""What the gateway itself thinks of the payment."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..contract import Signals


class ScoreForm(forms.Form):
    # Stripe calls payments from 65 on elevated, and from 75 on high: docs.stripe.com/radar/risk-evaluation
    most = forms.IntegerField(label=_("Score of 100"), min_value=1, max_value=100, initial=75)


class Score:
    code = "score"
    name = _("The gateway's score")
    note = _("Holds an order whose payment the gateway finds at least that risky.")
    is_on_at_first = True
    options_form = ScoreForm

    def judge(self, signals: Signals, options: Mapping[str, Any]) -> str:
        if signals.risk is None or signals.risk < options["most"]:
            return ""
        return gettext("The gateway gives it a risk of %(risk)d of 100.") % {"risk": signals.risk}

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.payments.gateways.registry import GATEWAYS
from shop.payments.registry import METHODS

from ..models import WebhookState


class WebhookSearchForm(forms.Form):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *WebhookState.choices])
    gateway = forms.ChoiceField(
        label=_("Gateway"), required=False, choices=[("", _("All")), *((code, METHODS[code].name) for code in GATEWAYS)]
    )
    reference = forms.CharField(label=_("Payment"), required=False, max_length=255)

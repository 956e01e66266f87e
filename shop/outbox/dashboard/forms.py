from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.outbox.consumers import CONSUMERS
from shop.outbox.models import DeliveryState
from shop.outbox.words import TOLD, called


class FilterForm(forms.Form):
    """Which deliveries to show; those that are parked where nothing is said."""

    state = forms.ChoiceField(label=_("State"), choices=[*DeliveryState.choices, ("all", _("All"))], required=False)
    kind = forms.ChoiceField(label=_("Event"), choices=[("", _("All")), *TOLD.items()], required=False)
    consumer = forms.ChoiceField(label=_("For"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["consumer"].choices = [("", _("All")), *((name, called(name)) for name in sorted(CONSUMERS))]  # type: ignore[attr-defined]

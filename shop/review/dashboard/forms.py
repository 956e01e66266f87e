from ipaddress import ip_network
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..models import EntryKind, ListEntry, ReviewState


class QueueForm(forms.Form):
    state = forms.ChoiceField(label=_("State"), required=False, choices=[*ReviewState.choices, ("all", _("All"))])


class DecisionForm(forms.Form):
    """`seen` is what the page showed, as `OrderReview.seen` says it."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=254)


class EntryForm(forms.ModelForm):
    class Meta:
        model = ListEntry
        fields = ["kind", "value", "verdict", "note"]

    def clean(self) -> dict[str, Any]:
        """As the list compares it: in lower case but for cards, a network as its address is written."""
        cleaned = super().clean() or {}
        kind, value = cleaned.get("kind"), cleaned.get("value", "").strip()
        value = value if kind == EntryKind.CARD else value.lower()
        if kind == EntryKind.NETWORK:
            value = self._network(value)
        elif kind == EntryKind.EMAIL and "@" not in value:
            self.add_error("value", _("An e-mail address is needed."))
        cleaned["value"] = value.removeprefix("@") if kind == EntryKind.DOMAIN else value
        return cleaned

    def _network(self, value: str) -> str:
        try:
            return str(ip_network(value, strict=False))
        except ValueError:
            self.add_error("value", _("An address or a network, such as 192.0.2.0/24, is needed."))
            return value

"""What somebody would like to be written."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from .actions import prefer
from .channels.registry import CHANNELS
from .kinds import KINDS, MessageKind
from .models import MessagePreference
from .occasions import Recipient


class PreferencesForm(forms.Form):
    """A box for each kind and channel; those of what must be sent are ticked and cannot be changed."""

    def __init__(self, *args: Any, recipient: Recipient, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.recipient = recipient
        refused = set(MessagePreference.objects.of(recipient).filter(is_wanted=False).values_list("kind", "channel"))
        for kind in KINDS.values():
            for channel in CHANNELS.values():
                self.fields[f"{kind.code}-{channel.code}"] = forms.BooleanField(
                    label=_("%(kind)s by %(channel)s") % {"kind": kind.title, "channel": channel.title},
                    initial=(kind.code, channel.code) not in refused,
                    required=False,
                    disabled=kind.is_required,
                )

    def rows(self) -> Iterator[tuple[MessageKind, list[forms.BoundField]]]:
        for kind in KINDS.values():
            yield kind, [self[f"{kind.code}-{code}"] for code in CHANNELS]

    def channels(self) -> list[Any]:
        return list(CHANNELS.values())

    def save(self) -> None:
        for name in self.changed_data:
            code, _, channel = name.partition("-")
            prefer(self.recipient, KINDS[code], channel, is_wanted=self.cleaned_data[name])

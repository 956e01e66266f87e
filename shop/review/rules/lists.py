"""Buyers, domains, networks and cards that staff have put on the block list."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..contract import Signals


class BlockList:
    code = "block_list"
    name = _("Block list")
    note = _("Holds an order of an e-mail address, domain, network or card on the list.")
    is_on_at_first = True
    options_form = forms.Form

    def judge(self, signals: Signals, options: Mapping[str, Any]) -> str:
        if not signals.blocked:
            return ""
        return gettext("On the block list: %(entries)s.") % {"entries": ", ".join(signals.blocked)}

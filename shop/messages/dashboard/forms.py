from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.messages.errors import TemplateRefused
from shop.messages.kinds import KIND_CHOICES, MessageKind
from shop.messages.letters import Source, check
from shop.messages.models import MessageStatus
from shop.order.models import Order
from shop.stores.models import Store


class MessageFilterForm(forms.Form):
    status = forms.ChoiceField(label=_("Status"), choices=[("", _("All")), *MessageStatus.choices], required=False)
    kind = forms.ChoiceField(label=_("About"), choices=[("", _("All")), *KIND_CHOICES], required=False)
    address = forms.CharField(
        label=pgettext_lazy("recipient", "To"), max_length=254, required=False, help_text=_("The whole e-mail address.")
    )


class TemplateForm(forms.Form):
    """A template as staff write it, and an order to see it with."""

    subject = forms.CharField(label=_("Subject"), max_length=200)
    body = forms.CharField(
        label=_("Text"),
        max_length=20_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 20, "spellcheck": "true", "class": "no-widget-init"}),
    )
    number = forms.CharField(
        label=_("Show it with the order"), max_length=128, required=False, help_text=_("Its number; empty: a sample.")
    )

    def __init__(self, *args: Any, kind: MessageKind, store: Store, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.store, self.order = kind, store, None
        if not kind.is_about_an_order:
            del self.fields["number"]

    def clean_number(self) -> str:
        """Finds the `order`."""
        number = self.cleaned_data["number"]
        if number:
            orders = Order.objects.with_all_shown().for_store(self.store).select_related("store__site")
            self.order = orders.filter(number=number).first()
            if self.order is None:
                raise forms.ValidationError(_("This store has no such order."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in ("subject", "body"):
            try:
                check(Source(cleaned.get(name, ""), ""), self.kind)
            except TemplateRefused as refusal:
                self.add_error(name, str(refusal))
        return cleaned

    @property
    def source(self) -> Source:
        return Source(self.cleaned_data["subject"], self.cleaned_data["body"])

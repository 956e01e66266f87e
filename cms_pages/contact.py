"""The form of a contact page: built from the editor's fields, closed to robots, and not to be sent in floods."""

from hashlib import sha256

from django import forms
from django.core.cache import cache
from wagtail.contrib.forms.forms import BaseForm, FormBuilder

from shop.accounts.throttle import network_of

MESSAGES = 5
"""How many messages one address may send to one page within `SECONDS`."""

SECONDS = 600

BAIT = "your-website"
"""The name of a field that people don't see; robots fill it. No editor's field can have it: theirs have no hyphens."""


class ContactForm(BaseForm):
    """The editor's fields and the bait; `is_from_robot` once the form is valid."""

    is_from_robot = False

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        self.is_from_robot = bool(cleaned.pop(BAIT, ""))
        return cleaned


class ContactFormBuilder(FormBuilder):
    def create_multiline_field(self, field: object, options: dict[str, object]) -> forms.Field:
        return super().create_multiline_field(field, {**options, "max_length": 5000})

    def get_form_class(self) -> type[ContactForm]:
        bait = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": -1, "autocomplete": "off"}))
        return type("ContactForm", (ContactForm,), {**self.formfields, BAIT: bait})


def accepts_from(address: str | None, *, page_id: int) -> bool:
    """Whether the client at this address (`Origin.address`) may send one more message to a page; counts the message."""
    client = sha256(network_of(address).encode()).hexdigest()[:16]
    key = f"contact:{page_id}:{client}"
    cache.add(key, 0, SECONDS)
    try:
        return cache.incr(key) <= MESSAGES
    except ValueError:  # it ran out between the two
        return True

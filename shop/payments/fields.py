"""Fields for the forms of methods."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SecretField(forms.CharField):
    """A key of a gateway: sealed when it is kept, never shown again. Left empty, what is kept stays.

    `strip` is Django's: blanks around a key come from copying it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 500)
        kwargs.setdefault("widget", forms.PasswordInput(attrs={"autocomplete": "off"}))
        super().__init__(*args, **kwargs)


def secret_names(form: type[forms.Form]) -> frozenset[str]:
    """The names of a form's secrets."""
    return frozenset(name for name, field in form.base_fields.items() if isinstance(field, SecretField))


def keeping(form: forms.Form, kept: frozenset[str]) -> forms.Form:
    """The form, which asks for those of its secrets no more that are kept already."""
    for name in kept & form.fields.keys():
        form.fields[name].required = False
        form.fields[name].help_text = _("Is set and not shown. Leave it empty to keep it.")
    return form

"""The choice of a country, named and ordered in the reader's language."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from .countries import country_name, in_order
from .models import Country


class InOrderOfName(ModelChoiceIterator):
    """The empty choice first, if there is one."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        choices = list(super().__iter__())
        empty = choices[:1] if self.field.empty_label is not None else []
        yield from empty
        yield from sorted(choices[len(empty) :], key=lambda choice: in_order(choice[1]))


class CountryField(forms.ModelChoiceField):
    iterator = InOrderOfName

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label": _("Country"), "empty_label": None, **kwargs})

    def label_from_instance(self, country: Country) -> str:
        return country_name(country.pk)

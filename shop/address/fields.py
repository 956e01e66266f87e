"""The choice of a country, named and ordered in the reader's language."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from shop.stores.current import current_store
from shop.stores.querysets import served_countries_of

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


class ServedCountryField(CountryField):
    """One of those that the store that is being served delivers to; which these are is remembered."""

    def to_python(self, value: Any) -> Country | None:
        if value in self.empty_values:
            return None
        store = current_store()
        served = served_countries_of(store) if store else {}
        if value not in served:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return served[value]

"""An address of one kind as another: of the book, of a delivery, of a bill."""

from typing import TypeVar

from django.db.models import Model
from oscar.apps.address.abstract_models import AbstractAddress

A = TypeVar("A", bound=Model)


def copied(address: AbstractAddress, model: type[A]) -> A:
    """The same address as another model, not saved; a country that was loaded goes along."""
    names = {field.attname for field in model._meta.concrete_fields} - {"id"}
    given = {field.attname for field in address._meta.concrete_fields} & names
    copy = model(**{name: getattr(address, name) for name in given})
    if "country" in address._state.fields_cache:
        copy.country = address.country
    return copy

"""An address of one kind as another: of the book, of a delivery, of a bill."""

from typing import TypeVar

from django.db.models import Model
from oscar.apps.address.abstract_models import AbstractAddress

A = TypeVar("A", bound=Model)


def copied(address: AbstractAddress, model: type[A]) -> A:
    """The same address as another model, not saved."""
    copy = model()
    address.populate_alternative_model(copy)
    return copy

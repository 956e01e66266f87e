from oscar.apps.address.abstract_models import AbstractCountry, AbstractUserAddress

from .countries import country_name
from .display import ShownAddress


class Country(AbstractCountry):
    """A country, which is called as its reader calls it wherever a form or a page names it."""

    def __str__(self) -> str:
        return country_name(self.pk)


class UserAddress(ShownAddress, AbstractUserAddress):
    """An address in a buyer's book."""


from oscar.apps.address.models import *  # noqa: E402, F403

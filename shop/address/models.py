from oscar.apps.address.abstract_models import AbstractUserAddress

from .display import ShownAddress


class UserAddress(ShownAddress, AbstractUserAddress):
    """An address in a buyer's book."""


from oscar.apps.address.models import *  # noqa: E402, F403

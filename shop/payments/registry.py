"""Every payment method there is."""

from .contract import PaymentMethod
from .errors import UnknownMethod
from .methods.bank_transfer import BankTransfer
from .methods.invoice import Invoice

METHODS: dict[str, type[PaymentMethod]] = {method.code: method for method in (BankTransfer, Invoice)}


def method_coded(code: str) -> type[PaymentMethod]:
    """The method of this code. Raises `UnknownMethod`."""
    try:
        return METHODS[code]
    except KeyError:
        raise UnknownMethod(code) from None

"""Every payment method there is."""

from .contract import PaymentMethod
from .errors import UnknownMethod
from .methods.bank_transfer import BankTransfer
from .methods.cash_on_delivery import CashOnDelivery
from .methods.gift_card import GiftCard, StoreCredit
from .methods.invoice import Invoice
from .methods.paypal import PayPalMethod
from .methods.stripe import StripeMethod
from .methods.test_gateway import TestGatewayMethod

OURS = (BankTransfer, Invoice, CashOnDelivery, GiftCard, StoreCredit)
ALL: tuple[type[PaymentMethod], ...] = (StripeMethod, PayPalMethod, *OURS, TestGatewayMethod)
METHODS: dict[str, type[PaymentMethod]] = {method.code: method for method in ALL}


def method_coded(code: str) -> type[PaymentMethod]:
    """The method of this code. Raises `UnknownMethod`."""
    try:
        return METHODS[code]
    except KeyError:
        raise UnknownMethod(code) from None

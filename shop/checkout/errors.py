"""Why an order is not placed. Each can be told the buyer as it is; nothing was written, and the basket is whole."""

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from shop.order.errors import OutOfStock
from shop.pricing.formats import money

if TYPE_CHECKING:
    from .totals import Totals


class CheckoutRefused(Exception):
    """Base of all of them. `str()` is a sentence in the reader's language."""


class EmptyBasket(CheckoutRefused):
    def __str__(self) -> str:
        return _("There is nothing in your basket.")


class BasketNotOpen(CheckoutRefused):
    """The basket is saved for later, merged into another, or in the middle of a payment."""

    def __str__(self) -> str:
        return _("This basket cannot be ordered any more.")


class NoBuyer(CheckoutRefused):
    """Neither a signed-in buyer nor a guest's e-mail address."""

    def __str__(self) -> str:
        return _("Please sign in or tell us your e-mail address.")


class MayNotOrder(CheckoutRefused):
    """Who looks on for a company orders nothing for it; nor does anybody for one that is suspended."""

    def __init__(self, company_name: str) -> None:
        self.company_name = company_name
        super().__init__(company_name)

    def __str__(self) -> str:
        text = _("You cannot order for %(company)s. Choose at the top of the page for whom you buy.")
        return text % {"company": self.company_name}


class BuyerChanged(CheckoutRefused):
    """The buyer chose, in another tab, to buy for somebody else; or may no longer buy for the company."""

    def __str__(self) -> str:
        return _("You now buy for somebody else than before. Please look at your order again.")


class NotAvailable(CheckoutRefused):
    """Some lines cannot be bought, or not so many of them. `titles` names their products."""

    def __init__(self, titles: Iterable[str]) -> None:
        self.titles = tuple(titles)
        super().__init__(*self.titles)

    @classmethod
    def of(cls, lines: Iterable[Any], error: OutOfStock) -> "NotAvailable":
        """Of those lines whose stock is too little."""
        return cls(line.product.get_title() for line in lines if line.stockrecord_id in error.stockrecord_ids)

    def __str__(self) -> str:
        return _("No longer available in this quantity: %(titles)s.") % {"titles": ", ".join(self.titles)}


class OrderTooSmall(CheckoutRefused):
    """The goods are worth less than the buyer's price list asks of an order."""

    def __init__(self, least: Decimal, *, lacking: Decimal, currency: str, includes_tax: bool) -> None:
        self.least, self.lacking, self.currency, self.includes_tax = least, lacking, currency, includes_tax
        super().__init__(least, lacking, currency)

    def __str__(self) -> str:
        amounts = {"least": money(self.least, self.currency), "lacking": money(self.lacking, self.currency)}
        if self.includes_tax:
            return _("An order must be worth at least %(least)s: %(lacking)s more is needed.") % amounts
        return _("An order must be worth at least %(least)s without tax: %(lacking)s more is needed.") % amounts


class OrderTooLarge(CheckoutRefused):
    """The goods cost more than an order can say."""

    def __init__(self, most: Decimal, *, currency: str) -> None:
        self.most, self.currency = most, currency
        super().__init__(most, currency)

    def __str__(self) -> str:
        most = money(self.most, self.currency)
        return _("An order of more than %(most)s can't be placed here: please order in parts.") % {"most": most}


class PriceChanged(CheckoutRefused):
    """What the buyer agreed to is not what the order would be. `totals` is what it would be."""

    def __init__(self, totals: "Totals") -> None:
        self.totals = totals
        super().__init__(totals.incl_tax)

    def __str__(self) -> str:
        return _("Prices or your basket have changed meanwhile. Please look at the new total.")


class AddressMissing(CheckoutRefused):
    def __str__(self) -> str:
        return _("Please tell us where to deliver.")


class AddressNotServed(CheckoutRefused):
    """The store does not deliver to the country of the address."""

    def __init__(self, country_code: str) -> None:
        self.country_code = country_code
        super().__init__(country_code)

    def __str__(self) -> str:
        return _("We do not deliver to this address.")


class MethodNotOffered(CheckoutRefused):
    """The store does not offer this method to this buyer, or not for this address."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


class DeliveryNotOffered(MethodNotOffered):
    def __str__(self) -> str:
        return _("Please choose how we shall deliver.")


class PaymentRefused(CheckoutRefused):
    """The method is offered, but not for this order: a credit limit would be exceeded, say. `reason` is a sentence."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    def __str__(self) -> str:
        return self.reason


class PaymentNotOffered(MethodNotOffered):
    def __str__(self) -> str:
        return _("Please choose how you want to pay.")

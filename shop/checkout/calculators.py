from typing import Any

from oscar.apps.checkout import calculators
from oscar.core.prices import Price

from shop.basket.models import Basket

from .totals import totals_of


class OrderTotalCalculator(calculators.OrderTotalCalculator):
    """What Oscar's pages ask for the total: the one of `totals.py`, and Oscar's own while a tax is not known."""

    def calculate(self, basket: Any, shipping_charge: Price, surcharges: Any = None, **kwargs: Any) -> Price:
        if not (shipping_charge.is_tax_known and isinstance(basket, Basket) and _knows_its_taxes(basket)):
            return super().calculate(basket, shipping_charge, surcharges, **kwargs)
        total = totals_of(basket, shipping_charge)
        more = surcharges.total if surcharges else Price(total.currency, excl_tax=0, incl_tax=0)
        return Price(total.currency, excl_tax=total.excl_tax + more.excl_tax, incl_tax=total.incl_tax + more.incl_tax)


def _knows_its_taxes(basket: Basket) -> bool:
    """Whether that is so for every line that has a price."""
    prices = [line.purchase_info.price for line in basket.all_lines()]
    return all(price.is_tax_known for price in prices if price.exists)

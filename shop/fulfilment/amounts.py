"""What cancelled pieces cost. Values in, values out."""

from decimal import Decimal

from shop.order.models import Line
from shop.pricing.pricing import rounded


def share(price: Decimal, pieces: int, *, of: int, currency: str) -> Decimal:
    """Of a line's price (which is rounded once, discounts taken off) what so many of its pieces cost together."""
    return rounded(price * pieces / of, currency)


def cancelled_share(price: Decimal, line: Line, pieces: int, *, currency: str) -> Decimal:
    """What cancelling so many more pieces of a line takes off its price.

    It is the difference of two shares, so that however a line is cancelled piece by piece, it comes to its price.
    """
    before, after = line.num_cancelled, line.num_cancelled + pieces
    return share(price, after, of=line.quantity, currency=currency) - share(
        price, before, of=line.quantity, currency=currency
    )

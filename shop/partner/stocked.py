"""What a stock record tells of its pieces, be it a row or a plain value."""

from datetime import date


class Stocked:
    __slots__ = ()

    num_in_stock: int | None
    num_allocated: int | None
    sold_ahead: str
    promised_on: date | None
    most_ahead: int | None

    @property
    def net_stock_level(self) -> int:
        """What no order line is owed; below nought where more is sold than there is."""
        return (self.num_in_stock or 0) - (self.num_allocated or 0)

    def allowance(self) -> float:
        """How many pieces may be sold beyond what there is; infinite where nothing limits them."""
        if not self.sold_ahead:
            return 0
        return float("inf") if self.most_ahead is None else self.most_ahead

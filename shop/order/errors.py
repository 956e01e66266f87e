"""What callers of orders may catch."""


class OutOfStock(Exception):
    """There is less in stock than was asked for; nothing was allocated."""

    def __init__(self, stockrecord_ids: list[int]) -> None:
        super().__init__(f"Not enough in stock: {stockrecord_ids}.")
        self.stockrecord_ids = stockrecord_ids


class NoNumberLeft(RuntimeError):
    """No free order number was found: the store has used up nearly all that there are."""

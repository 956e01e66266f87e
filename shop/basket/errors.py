"""What callers of the basket may catch."""


class NotForSale(ValueError):
    """The store does not sell the product: not listed, not public, or without a price in its currency."""


class AnotherStore(ValueError):
    """The other basket is of another store."""


class MixedCurrencies(ValueError):
    """What is to be put in has its price in another currency than what is in the basket."""

"""What callers of the listings may catch."""


class UnknownProduct(LookupError):
    """The merchant has no such product."""

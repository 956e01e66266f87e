"""What callers of the price files may catch."""


class PriceFileRefused(Exception):
    """Something can't be done with a price file, and was not. `str()` is a sentence in the reader's language."""

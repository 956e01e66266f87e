"""What callers of credit may catch. `str()` is a sentence in the reader's language."""


class CreditRefused(Exception):
    """Nothing was written."""

"""What callers of the costs may catch."""


class CostRefused(ValueError):
    """A cost can't be noted as it was given. `str()` is a sentence in the reader's language."""

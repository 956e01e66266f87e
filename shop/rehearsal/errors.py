"""What callers of the rehearsals may catch."""


class RehearsalRefused(ValueError):
    """There is nothing to rehearse. `str()` is a sentence in the reader's language."""

"""What callers of the viewings may catch."""


class ViewingRefused(ValueError):
    """Nobody may look like that. `str()` is a sentence in the reader's language."""

"""What callers of the quick order may catch."""


class Unreadable(ValueError):
    """What was pasted or uploaded can't be taken at all; the text, for its sender, is what to do about it."""

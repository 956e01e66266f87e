"""What callers of reviews may catch."""


class AlreadyDecided(Exception):
    """Somebody else was faster: the review waits no more."""

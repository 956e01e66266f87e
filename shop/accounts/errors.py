"""What callers of the accounts' actions may catch."""

from datetime import timedelta


class TooManyAttempts(Exception):
    """Whoever it is must wait; nothing was looked at."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(f"Too many attempts: wait {wait}.")
        self.wait = wait


class LinkRefused(ValueError):
    """A link from a letter is forged, too old, used already, or another merchant's."""


class CodeRefused(ValueError):
    """The second factor's code is wrong, or was used already."""

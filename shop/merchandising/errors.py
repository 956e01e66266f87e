"""Why a rule of searches can't be kept."""


class TooMany(Exception):
    """A store has as many rules of this kind as it can."""

"""How long to wait between tries: values in, values out."""

FIRST_PAUSE_S = 15
LONGEST_PAUSE_S = 2 * 3600
MAX_TRIES = 12
"""Then a delivery is parked: after some six hours, which is longer than most servers are down."""


def pause_after(tries: int, *, chance: float) -> float:
    """Seconds until the next try, after so many that failed (one at least): doubled each time, up to two hours.

    `chance` (0 to 1) spreads it from three quarters to five quarters, so that what failed together does not come back
    together.
    """
    return min(FIRST_PAUSE_S * 2 ** (tries - 1), LONGEST_PAUSE_S) * (0.75 + chance / 2)

"""How this process deals with the memory that it is done with."""

import ctypes
import gc

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # as malloc.h of the GNU C library numbers them
LARGE = 128 << 10
YOUNG = 20_000
"""So many objects more than were freed, and the youngest are looked through; Python's own number is 700."""


def give_back_what_is_freed() -> None:
    """glibc begins with returning what is free behind the last block, and blocks of 128 KiB, but raises both bounds
    with the largest block that was ever freed, so what a large page once took stays with the process. Told these
    bounds, it leaves them as they are (mallopt(3)): two workers with full shelves take 30 MB less. Elsewhere nothing
    is done.
    """
    adjust = getattr(ctypes.CDLL(None), "mallopt", None)
    if adjust is not None:
        adjust(M_TRIM_THRESHOLD, LARGE)
        adjust(M_MMAP_THRESHOLD, LARGE)


def keep_what_is_loaded() -> None:
    """A full collection need not look through what stays, which took a third of a second. What a request leaves behind
    is looked through once in several requests instead of several times in one: 3 % of an order's time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG)

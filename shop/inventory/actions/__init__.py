"""Every write of the stock. What order lines need is asked for here, the rest by its module."""

from .allocating import allocate, release
from .sending import consume, put_back

__all__ = ["allocate", "consume", "put_back", "release"]

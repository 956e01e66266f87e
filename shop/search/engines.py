"""Which engine searches."""

from . import postgresql
from .contract import Engine


def engine() -> Engine:
    return postgresql

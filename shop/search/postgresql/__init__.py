"""The engine that every installation has: rows in the database, kept by the database (docs/adr/0006)."""

from .counting import find
from .proposals import propose
from .rebuilding import keep
from .spelling import meant

__all__ = ["find", "keep", "meant", "propose"]

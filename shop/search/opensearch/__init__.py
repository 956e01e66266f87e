"""An OpenSearch that is fed from the rows of search, and searches for whoever pays everybody's prices (docs/adr/0025).

Its answers in the tests were written by hand after OpenSearch's documentation: it has not met a running server.
"""

from .asking import find, meant, propose
from .feeding import keep

__all__ = ["find", "keep", "meant", "propose"]

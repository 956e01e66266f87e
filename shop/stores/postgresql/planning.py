"""What the planner is told where it has nothing to reckon with."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper


@contextmanager
def joined_by_hashing(cursor: CursorWrapper) -> Iterator[None]:
    """Within it nothing is joined row by row, in the running transaction.

    What a statement has just made has no statistics: taken for a row or two, thousands are compared with each of
    thousands. Hashed, they take time by their number. To forbid a way of joining makes plans look so dear that the
    database would compile each, which takes seconds, so that is off until the transaction ends.
    """
    cursor.execute("SELECT set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)")
    yield
    cursor.execute("SELECT set_config('enable_nestloop', 'on', true)")

"""Counting the queries of a piece of work, without those that open, close and name a transaction."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

NOT_COUNTED = re.compile(r"(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SELECT set_config)\b", re.IGNORECASE)


class Counted(list[str]):
    """The statements that were run, in order."""

    def __str__(self) -> str:
        return "\n".join(f"{number}. {sql[:400]}" for number, sql in enumerate(self, 1))


@contextmanager
def counted_queries() -> Iterator[Counted]:
    """Gives a list that holds, behind the block, the statements that were run in it."""
    counted = Counted()
    with CaptureQueriesContext(connection) as captured:
        yield counted
    counted.extend(query["sql"] for query in captured if not NOT_COUNTED.match(query["sql"]))

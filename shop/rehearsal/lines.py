"""Writing the lines of a rehearsal: those of a batch in one statement, by columns."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from django.db import connection


class LineRow(NamedTuple):
    """A row of `RehearsedLine`."""

    rehearsal_id: int
    order_id: int
    company_id: int | None
    product_id: int | None
    label: str
    code: str
    quantity: int
    unit_before: Decimal
    unit_after: Decimal | None
    net_before: Decimal
    net_after: Decimal
    cost: Decimal | None
    refusal: str


TYPES = {int: "bigint", int | None: "bigint", str: "text", Decimal: "numeric", Decimal | None: "numeric"}

COLUMNS = ", ".join(LineRow._fields)
VALUES = ", ".join(f"%s::{TYPES[kind]}[]" for kind in LineRow.__annotations__.values())
INSERT = f"INSERT INTO rehearsal_rehearsedline ({COLUMNS}) SELECT * FROM unnest({VALUES})"  # noqa: S608 - our own names


def keep_lines(rows: Iterable[LineRow]) -> None:
    columns = [list(column) for column in zip(*rows, strict=True)]
    if columns:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, columns)

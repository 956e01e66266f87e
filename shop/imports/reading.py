"""A catalogue file, understood row by row."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from . import mending
from .readers import Table, open_table
from .rows import ProductRow, RefusedRow
from .rules import Limits, Rules, columns_of, understand


@contextmanager
def open_catalogue(
    path: Path,
    *,
    limits: Limits,
    decimal_mark: str = ".",
    tax_included: Decimal | None = None,
    ignored: Collection[str] = (),
) -> Iterator[tuple[Rules, Iterator[ProductRow | RefusedRow]]]:
    """A file's rules, and each of its rows or what is wrong with it. Raises FileRefused, also while rows are read."""
    with open_table(path) as table:
        rules = Rules(columns_of(table.header, ignored=ignored), limits, decimal_mark, tax_included)
        yield rules, _understood(table, rules)


def _understood(table: Table, rules: Rules) -> Iterator[ProductRow | RefusedRow]:
    is_mended = mending.is_of_refused_rows(table.header)
    for row in table.rows:
        yield understand(replace(row, cells=mending.restored(row.cells)) if is_mended else row, rules)

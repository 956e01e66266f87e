"""The columns of a small file, told by the words of its header."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from .errors import FileRefused
from .readers import Table
from .rules import shown

MOST_NAMED = 10
"""Columns that are of no use, in one sentence."""


def columns_of(table: Table, *, required: Sequence[str], optional: Sequence[str]) -> list[str]:
    """The column that each cell of the header names. Raises `FileRefused`."""
    found = ["_".join(name.lower().split()) for name in table.header]
    if missing := [name for name in required if name not in found]:
        raise FileRefused(_("there is no column %(names)s") % {"names": ", ".join(missing)})
    if unknown := [name for name in found if name not in (*required, *optional)]:
        names = ", ".join(map(shown, unknown[:MOST_NAMED]))
        raise FileRefused(_("there is no use for the column %(names)s") % {"names": names})
    if len(set(found)) < len(found):
        raise FileRefused(_("there is a column more than once"))
    return found

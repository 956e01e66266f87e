"""Entries from a file that somebody uploads: CSV or XLSX, by the readers of the imports."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from shop.imports.errors import FileRefused
from shop.imports.readers import Table, open_table

from .entries import Entry, entries_from
from .errors import Unreadable

MOST_BYTES = 2 * 1024**2
MOST_BYTES_UNPACKED = 32 * 1024**2
"""Of a workbook. A thousand lines take some kilobytes; anybody may upload, so nobody may keep the server busy."""
MOST_TAGS = 300_000
"""Of the XML in a workbook: a thousand lines of twenty columns take half of it."""


def entries_of(file: UploadedFile) -> list[Entry]:
    """The entries in a file. Raises `Unreadable`."""
    if not file.size:
        raise Unreadable(_("The file is empty."))
    if file.size > MOST_BYTES:
        raise Unreadable(_("The file is larger than 2 MB: it holds more than a list of numbers and quantities."))
    try:
        with _opened(file) as table:
            return entries_from(chain([table.header], (row.cells for row in table.rows)))
    except FileRefused as error:
        raise Unreadable(_("This file can't be read. Please save it as “CSV UTF-8” or as XLSX.")) from error


@contextmanager
def _opened(file: UploadedFile) -> Iterator[Table]:
    """Its first row may hold headings or not. What a reader holds against a row, the review shows."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "upload"
        path.write_bytes(file.read())
        with open_table(path, max_unpacked=MOST_BYTES_UNPACKED, max_tags=MOST_TAGS) as table:
            yield table

"""Files that are sent to a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.core.files.uploadedfile import UploadedFile


@contextmanager
def on_disk(upload: UploadedFile) -> Iterator[Path]:
    """What was sent, as a file for as long as it is read."""
    with NamedTemporaryFile() as file:
        file.writelines(upload.chunks())
        file.flush()
        yield Path(file.name)

"""The bytes of a file: in pieces in the database, and in a file of its own while it is read."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from .models import PriceFile, PriceFilePart

PIECE_BYTES = 1024**2


def keep(price_file: PriceFile, chunks: Iterable[bytes]) -> None:
    """Store the pieces, and note their length and digest on the file, which the caller saves."""
    digest, size = hashlib.sha256(), 0
    for number, content in enumerate(chunks):
        digest.update(content)
        size += len(content)
        PriceFilePart.objects.create(price_file=price_file, number=number, content=content)
    price_file.digest, price_file.size = digest.hexdigest(), size


def pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while content := file.read(PIECE_BYTES):
            yield content


@contextmanager
def unpacked(price_file: PriceFile) -> Iterator[Path]:
    """The file as it was sent, for as long as the block lasts."""
    with NamedTemporaryFile() as file:
        for number in range(price_file.parts.count()):
            file.write(price_file.parts.values_list("content", flat=True).get(number=number))
        file.flush()
        yield Path(file.name)

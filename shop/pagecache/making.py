"""Making a page that is kept: without the visitor, and once for all who wait for it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from hashlib import sha256
from typing import Any
from zlib import crc32

from django.http import HttpRequest, HttpResponse

from shop.versions import marks
from shop.versions.memory import Memory
from shop.versions.validity import Validity
from shop.versions.watching import watched

from .entries import Entry, Key
from .impersonal import ImpersonalRequest
from .slots import split
from .visitors import Visitor

LOCKS = 256
CONTROL = "Cache-Control"

Answer = Callable[[HttpRequest], Any]


def make(request: HttpRequest, view: Answer, query: str, visitor: Visitor, before: memoryview) -> Entry | None:
    """The page as anybody like this visitor sees it; `before` are the versions when nothing had been read.

    None where the answer is none that is kept: another status, no page. Raises `PersonalError`, and whatever the view
    raises.
    """
    with watched() as seen:
        response = view(ImpersonalRequest(request, query))
        if hasattr(response, "render"):
            response = response.render()
    if not is_kept(response):
        return None
    request.context_data = getattr(response, "context_data", None)  # type: ignore[attr-defined] - for tests
    shown = {marks.pages_of(request.merchant_id), *seen.marks}  # type: ignore[attr-defined]
    return Entry(
        parts=split(response.content),
        content_type=response["Content-Type"],
        digest=sha256(response.content).hexdigest()[:16],
        validity=Validity.of(shown, before, min(filter(None, (visitor.validity.until, seen.until)))),
    )


def is_kept(response: HttpResponse) -> bool:
    is_page = response.status_code == 200 and response.get("Content-Type", "").startswith("text/html")
    return is_page and not response.streaming and not response.cookies and "no-store" not in response.get(CONTROL, "")


@contextmanager
def alone(key: Key, memory: Memory) -> Iterator[None]:
    """One process and thread of this machine at a time for a page. The kernel lets go of what a killed one held."""
    folder = memory.path.with_name(memory.path.name + ".locks")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / str(crc32(repr(key).encode()) % LOCKS)).open("w") as file:
        flock(file, LOCK_EX)
        yield

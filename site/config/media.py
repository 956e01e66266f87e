"""Uploaded files, as the application serves them itself: a merchant's files on its own hosts only."""

import posixpath
import re
from errno import EISDIR, ENAMETOOLONG, ENOENT, ENOTDIR
from mimetypes import guess_type

from django.core.exceptions import SuspiciousFileOperation
from django.core.files import File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest

DOCUMENTS = re.compile(r"(m\d+/)?documents/")
PICTURES = frozenset({"image/avif", "image/bmp", "image/gif", "image/jpeg", "image/png", "image/webp"})
"""What a browser shows. All else is kept: a script or a page of somebody's would be the store's own to it."""

ABSENT = frozenset({ENOENT, EISDIR, ENOTDIR, ENAMETOOLONG})
"""What a disk says of names that no file has, or could have."""


def serve_media(request: HttpRequest, name: str) -> FileResponse:
    """A file for everybody. Documents have an address of their own, which knows of private collections."""
    if DOCUMENTS.match(posixpath.normpath(name.replace("\\", "/"))):
        raise Http404
    try:
        file = _opened(name)
    except (FileNotFoundError, SuspiciousFileOperation) as error:
        raise Http404 from error
    kind = guess_type(file.name or "")[0]
    is_picture = kind in PICTURES
    response = FileResponse(
        file, as_attachment=not is_picture, content_type=kind if is_picture else "application/octet-stream"
    )
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return response


def _opened(name: str) -> File:
    """Raises `FileNotFoundError`."""
    try:
        return default_storage.open(name)
    except OSError as error:
        if not isinstance(error, FileNotFoundError) and error.errno not in ABSENT:
            raise
        raise FileNotFoundError(name) from error

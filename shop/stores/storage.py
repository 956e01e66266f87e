"""Uploaded files lie in a folder of their merchant's; a name can't lead out of it."""

import posixpath
import re

from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage
from django.utils.encoding import filepath_to_uri

from .scope import required_merchant_id

OWNED_NAME = re.compile(r"m(\d+)/")


class MerchantStorage(FileSystemStorage):
    """New files go to `m<merchant>/...`; files of another merchant can be neither read, written nor deleted."""

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return super().get_available_name(own_name(name), max_length=max_length)

    def path(self, name: str) -> str:
        return super().path(own_name(name))

    def url(self, name: str | None) -> str:
        return f"{self.base_url}{filepath_to_uri(own_name(name or ''))}"


def own_name(name: str) -> str:
    """The name within the current merchant's folder. Raises `SuspiciousFileOperation` for another merchant's."""
    name = posixpath.normpath(name.replace("\\", "/"))
    own = f"m{required_merchant_id()}/"
    if not OWNED_NAME.match(name):
        name = posixpath.normpath(own + name)
    if not name.startswith(own):
        raise SuspiciousFileOperation("That file belongs to another merchant.")
    return name

"""What Django knows of the request that a thread answers.

It keeps the reader's language and the prefix of addresses where coroutines could share them, and is asked for them a
hundred and forty times by a page of products, at each time as long as fifty of Python's own take. The server answers
each request in one thread (ADR 4).
"""

from threading import local

from django.urls import base
from django.utils.translation import trans_real


def keep_locals() -> None:
    """To be said before the first request."""
    trans_real._active = local()  # type: ignore[assignment]
    base._prefixes = local()  # type: ignore[assignment]

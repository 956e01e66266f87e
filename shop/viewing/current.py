"""The viewing that a request is part of: the one thing that other code asks. The middleware puts it there."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from .models import Viewing


def viewing_of(request: HttpRequest) -> "Viewing | None":
    """None for everybody who sees the store as themselves."""
    request = getattr(request, "_request", request)  # that of Django REST framework is wrapped around Django's
    return getattr(request, "viewing", None)


def moment_of(request: HttpRequest) -> datetime | None:
    """The moment that the visitor looks at; None for the present."""
    viewing = viewing_of(request)
    return viewing.moment if viewing else None

"""What Oscar's views leave open: one permission opens the page, and the same one whatever its forms do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from shop.staff.requests import StaffRequest

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class WritesNeed:
    """A page that more people may read than change."""

    write_permission: str

    def dispatch(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        _check(request, self.write_permission)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]


def writes_need(permission: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """The same of a view that is a function."""

    def guarding(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            _check(request, permission)
            return view(request, *args, **kwargs)

        return guarded

    return guarding


def _check(request: StaffRequest, permission: str) -> None:
    """Raises `PermissionDenied` where who may only read would write."""
    if request.method not in SAFE_METHODS and not request.user.has_perm(permission):
        raise PermissionDenied

"""What Oscar's views leave open: one permission opens the page, and the same one whatever its forms do."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http.response import HttpResponseBase

from shop.staff.requests import StaffRequest

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class WritesNeed:
    """A page that more people may read than change."""

    write_permission: str

    def dispatch(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in SAFE_METHODS and not request.user.has_perm(self.write_permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

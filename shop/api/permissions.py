"""What a caller may do beyond being known."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request

from .models import Access, ApiKey


class WithinAccess(BasePermission):
    """A key that may only look changes nothing."""

    message = _("This key may look only.")

    def has_permission(self, request: Request, view: Any) -> bool:
        is_limited = isinstance(request.auth, ApiKey) and request.auth.access != Access.ORDER
        return request.method in SAFE_METHODS or not is_limited


class Known(IsAuthenticated):
    """With an account: what is the caller's own."""

"""What the dashboard's frame shows on every page. Queried only by templates that ask."""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from shop.staff.requests import StaffRequest

from .navigation import Menu
from .stores import SESSION_KEY, choosable_stores


def frame(request: HttpRequest) -> dict[str, Any]:
    if not request.path.startswith("/dashboard/") or not hasattr(request, "user"):
        return {}
    return {
        "store": request.store,  # type: ignore[attr-defined]
        "choosable_stores": SimpleLazyObject(lambda: choosable_stores(cast(StaffRequest, request))),
        "chosen_store_id": request.session.get(SESSION_KEY),
        "menu": SimpleLazyObject(lambda: Menu(request.user, request.path)),  # type: ignore[arg-type]
        "nonce": request.dashboard_nonce,  # type: ignore[attr-defined]
    }

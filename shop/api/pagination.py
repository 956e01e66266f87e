"""Pages that don't shift: each names where the next begins. There is no total and no page by number."""

from typing import Any

from django.core import signing
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from shop.search.postgresql.walks import Place

from .problems import QueryRefused

PAGE_SIZE, LARGEST_PAGE = 24, 100


def cursor_of(place: Place | None, *, walk: str) -> str | None:
    """The place as one word, which is good for this walk only; None at the end."""
    return signing.dumps(place, salt=f"api.{walk}", compress=True) if place else None


def place_at(cursor: str, *, walk: str) -> Place | None:
    """The place that a cursor names; None for the start. Raises `QueryRefused`."""
    if not cursor:
        return None
    try:
        return tuple(signing.loads(cursor, salt=f"api.{walk}"))
    except signing.BadSignature as error:
        raise QueryRefused({"cursor": [_("This cursor is of another list, or no cursor.")]}) from error


class NewestFirst(CursorPagination):
    """By the moment at which something was made (the view's `made_at`): ids would tell how many there are."""

    page_size = PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = LARGEST_PAGE

    def get_ordering(self, request: Request, queryset: QuerySet, view: Any) -> tuple[str, ...]:
        return (f"-{view.made_at}",)

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"next": self.get_next_link(), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return page_of(schema)


def page_of(schema: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI schema of a page of these."""
    following = {"type": "string", "format": "uri", "nullable": True, "description": "The next page; null at the end."}
    return {
        "type": "object",
        "required": ["next", "results"],
        "properties": {"next": following, "results": schema},
    }

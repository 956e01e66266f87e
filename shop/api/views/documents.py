"""The API's description, for machines and for people."""

from typing import Any

from drf_spectacular import views
from rest_framework.request import Request
from rest_framework.response import Response

from ..throttling import PerCaller

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Swagger UI writes style attributes; it runs no script but its own files, and asks nobody but this store."""


class Schema(views.SpectacularAPIView):
    """OpenAPI 3, as YAML or (`?format=json`) as JSON."""

    throttle_classes = [PerCaller]


class Docs(views.SpectacularSwaggerSplitView):
    """Swagger UI, served by ourselves."""

    url_name = "api:schema"
    template_name = "api/docs.html"
    throttle_classes = [PerCaller]

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        response = super().get(request, *args, **kwargs)
        response["Content-Security-Policy"] = POLICY
        return response

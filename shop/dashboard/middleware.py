"""What the dashboard's pages are called and link to, and what they may load and run: its own files, its frame's inline
script, and Oscar's ways back.

Styles stay open, since Oscar's templates have style attributes and TinyMCE writes style elements; scripts do not.
"""

from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import get_random_string

from .links import with_open_links_only
from .titles import with_heading_as_title

HANDLERS = ("window.history.go(-1);return false", "window.close();return false;")
"""What stands in `onclick` attributes of Oscar's forms."""

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-hashes' {handlers}; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' {pictures} data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HASHES = " ".join(f"'sha256-{b64encode(sha256(handler.encode()).digest()).decode()}'" for handler in HANDLERS)


class DashboardMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/dashboard/"):
            return self.get_response(request)
        request.dashboard_nonce = get_random_string(22)  # type: ignore[attr-defined]
        response = self.get_response(request)
        nonce = request.dashboard_nonce  # type: ignore[attr-defined]
        response["Content-Security-Policy"] = POLICY.format(
            nonce=nonce, handlers=HASHES, pictures=settings.MEDIA_ORIGIN or ""
        )
        add_never_cache_headers(response)
        if response.status_code == 200 and not response.streaming and response["Content-Type"].startswith("text/html"):
            page = with_open_links_only(response.content.decode(), request)
            store = getattr(request, "store", None)
            response.content = with_heading_as_title(page, store.name) if store else page
        return response

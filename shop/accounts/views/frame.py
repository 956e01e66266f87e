"""What the pages of accounts have in common: they count attempts, so they work in short steps, and are never cached."""

from datetime import timedelta
from math import ceil
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic.base import ContextMixin, TemplateResponseMixin

from shop.stores.responses import ScopedTemplateResponse


class Page(TemplateResponseMixin, ContextMixin):
    """A page of a store in its theme, or of the platform in its own frame."""

    response_class = ScopedTemplateResponse
    request: HttpRequest

    def get_template_names(self) -> list[str]:
        return template_names(self.request, str(self.template_name))

    def page(self, *, status: int = 200, wait: timedelta | None = None, **context: Any) -> HttpResponse:
        response = self.render_to_response(self.get_context_data(**context), status=status)
        add_never_cache_headers(response)
        response["Referrer-Policy"] = "same-origin"
        if wait is not None:
            response["Retry-After"] = str(ceil(wait.total_seconds()))
        return response


def template_names(request: HttpRequest, name: str) -> list[str]:
    """Of a store's page in its theme; the platform has pages of its own under the same last name."""
    return [name] if request.store else [f"platform/{PurePosixPath(name).name}"]  # type: ignore[attr-defined]


def safe_path(request: HttpRequest, address: str | None) -> str:
    """The address if it leads to a page of this host, else empty."""
    address = (address or "").strip()
    allowed = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if allowed else ""


def origin(request: HttpRequest) -> str:
    """Such as `https://shop.example`. The directory knows the host; a port that is not ours is somebody's invention."""
    host, port = split_domain_port(request.get_host())
    return f"{request.scheme}://{host}:{port}" if port == str(settings.PUBLIC_PORT) else f"{request.scheme}://{host}"


def shop_name(request: HttpRequest) -> str:
    store = request.store  # type: ignore[attr-defined]
    return store.name if store else settings.WAGTAIL_SITE_NAME


def please_wait(wait: timedelta) -> str:
    seconds = ceil(wait.total_seconds())
    if seconds < 60:
        return ngettext(
            "Too many attempts. Try again in %(count)d second.",
            "Too many attempts. Try again in %(count)d seconds.",
            seconds,
        ) % {"count": seconds}
    minutes = ceil(seconds / 60)
    return ngettext(
        "Too many attempts. Try again in %(count)d minute.",
        "Too many attempts. Try again in %(count)d minutes.",
        minutes,
    ) % {"count": minutes}


def not_right() -> str:
    """Of a wrong address and of a wrong password alike."""
    return _("This address and password do not belong together. Both are checked as you typed them.")

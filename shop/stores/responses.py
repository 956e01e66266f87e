"""Answers of views that hold no transaction, and what is put on top of pages."""

from django.http import HttpResponse
from django.template.response import TemplateResponse

from .scope import scoped


class ScopedTemplateResponse(TemplateResponse):
    """Rendered in a short scope of its own: a page's frame reads menus and the basket from the database."""

    render = scoped(TemplateResponse.render)


def with_banner(response: HttpResponse, banner: str) -> HttpResponse:
    """The page with the banner on top, whatever template it is from; what is no whole page stays as it is."""
    if response.streaming or not response.get("Content-Type", "").startswith("text/html"):
        return response
    content = response.content.decode(response.charset)
    start = content.find("<body")
    end = content.find(">", start)
    if start >= 0 and end >= 0:
        response.content = content[: end + 1] + banner + content[end + 1 :]
        response.headers.pop("Content-Length", None)
    return response

"""Answers of views that hold no transaction."""

from django.template.response import TemplateResponse

from .scope import scoped


class ScopedTemplateResponse(TemplateResponse):
    """Rendered in a short scope of its own: a page's frame reads menus and the basket from the database."""

    render = scoped(TemplateResponse.render)

"""A page type or a block whose template nobody wrote would fail on the first visit; here it stops the start."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error, register
from django.db.models import Model
from django.template import TemplateDoesNotExist, engines
from wagtail.blocks import Block, ListBlock
from wagtail.fields import StreamField
from wagtail.models import Page

OURS = "cms_pages/"


@register
def pages_and_blocks_have_templates(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return [*_templateless_pages(), *_templateless_blocks()]


def _templateless_pages() -> Iterator[CheckMessage]:
    for model in apps.get_models():
        if issubclass(model, Page) and model is not Page and not _exists(model.template):
            hint = f"themes/base/templates/{model.template}"
            yield Error(f"The page type {model.__name__} has no template.", hint=hint, id="cms_pages.E001")


def _templateless_blocks() -> Iterator[CheckMessage]:
    templates = {
        block.meta.template: block
        for model in apps.get_models()
        for field in _streams(model)
        for block in _with_children(field.stream_block)
        if (getattr(block.meta, "template", None) or "").startswith(OURS)
    }
    for template, block in sorted(templates.items()):
        if not _exists(template):
            hint = f"themes/base/templates/{template}"
            yield Error(f"The block {type(block).__name__} has no template.", hint=hint, id="cms_pages.E002")


def _streams(model: type[Model]) -> list[StreamField]:
    return [field for field in model._meta.get_fields(include_parents=False) if isinstance(field, StreamField)]


def _with_children(block: Block) -> Iterator[Block]:
    yield block
    children = [block.child_block] if isinstance(block, ListBlock) else getattr(block, "child_blocks", {}).values()
    for child in children:
        yield from _with_children(child)


def _exists(template: str) -> bool:
    try:
        engines["themes"].get_template(template)
    except TemplateDoesNotExist:
        return False
    return True

"""What stops the start: pages and blocks without a template."""

import pytest

from cms_pages.blocks.banners import CallBlock
from cms_pages.checks import pages_and_blocks_have_templates
from cms_pages.models import HomePage


def test_everything_has_its_template() -> None:
    assert pages_and_blocks_have_templates(None) == []


def test_a_page_type_without_a_template_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HomePage, "template", "cms_pages/nowhere.html")

    assert [(error.id, error.msg) for error in pages_and_blocks_have_templates(None)] == [
        ("cms_pages.E001", "The page type HomePage has no template.")
    ]


def test_a_block_without_a_template_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    call = HomePage._meta.get_field("body").stream_block.child_blocks["call"]
    assert isinstance(call, CallBlock)
    monkeypatch.setattr(call.meta, "template", "cms_pages/blocks/nowhere.html")

    assert [(error.id, error.msg) for error in pages_and_blocks_have_templates(None)] == [
        ("cms_pages.E002", "The block CallBlock has no template.")
    ]

"""A language is its thread's, wherever Django keeps it."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.urls import base, get_script_prefix, set_script_prefix
from django.utils import translation
from django.utils.translation import trans_real

from config import threads


@pytest.fixture(autouse=True)
def as_before(monkeypatch):
    for module, name in ((trans_real, "_active"), (base, "_prefixes")):
        monkeypatch.setattr(module, name, getattr(module, name))
    threads.keep_locals()


def test_each_thread_has_its_language():
    def spoken(language: str) -> tuple[str, str]:
        with translation.override(language):
            return translation.get_language(), translation.gettext("Yes")

    with ThreadPoolExecutor(1) as other, translation.override("de"):
        assert other.submit(translation.get_language).result() == "en-gb"
        assert other.submit(spoken, "fr").result() == ("fr", "Oui")
        assert spoken("en-gb") == ("en-gb", "Yes")
        assert translation.gettext("Yes") == "Ja"


def test_each_thread_has_its_prefix():
    set_script_prefix("/shop/")

    with ThreadPoolExecutor(1) as other:
        assert other.submit(get_script_prefix).result() == "/"
    assert get_script_prefix() == "/shop/"


def test_a_translation_may_be_switched_off():
    with translation.override("de"), translation.override(None):
        assert translation.get_language() is None
    translation.activate("de")
    translation.deactivate()
    assert translation.get_language() == "en-gb"

"""Widgets of the content editor."""

from typing import Any

from django import forms
from django.forms.widgets import Script


class ColourInput(forms.TextInput):
    """A colour as six digits, to be typed or picked; empty means the theme's."""

    template_name = "cms_pages/widgets/colour.html"

    class Media:
        css = {"all": ["cms_pages/colour.css"]}
        js = [Script("cms_pages/colour.js", type="module")]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"placeholder": "#1f5d4c", "maxlength": 7, "pattern": "#[0-9a-fA-F]{6}", **(attrs or {})})

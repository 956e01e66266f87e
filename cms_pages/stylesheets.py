"""The style sheet of a store: its own values of what themes leave open, and nothing else.

The policy against injected content forbids inline styles, so the values come from an address. Each is one of ours or a
colour of six digits, whatever the database holds: no text that somebody wrote gets into a style sheet.
"""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.stores.themes import BASE

from .colours import HEX, Colour, Palette

if TYPE_CHECKING:
    from .models import StoreLook


class Typeface(models.TextChoices):
    """Families of type that every machine has one of; nothing is fetched from anywhere."""

    NEUTRAL = "neutral", _("a neutral sans-serif")
    GEOMETRIC = "geometric", _("a geometric sans-serif")
    HUMANIST = "humanist", _("a humanist sans-serif")
    BOOK = "book", _("a serif for books")
    DISPLAY = "display", _("a serif with contrast")
    SLAB = "slab", _("a slab serif")

    @property
    def stack(self) -> str:
        return _STACKS[self.value]


_STACKS = {
    "neutral": 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
    "geometric": '"Avenir Next", Avenir, Montserrat, Corbel, "URW Gothic", "Century Gothic", sans-serif',
    "humanist": 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", "Noto Sans", sans-serif',
    "book": '"Iowan Old Style", "Palatino Linotype", "URW Palladio L", P052, Georgia, serif',
    "display": 'Didot, "Bodoni MT", "Noto Serif Display", "URW Palladio L", P052, Sylfaen, Georgia, serif',
    "slab": 'Rockwell, "Rockwell Nova", "Roboto Slab", "DejaVu Serif", "Sitka Small", serif',
}


class Corners(models.TextChoices):
    SQUARE = "square", _("square")
    SOFT = "soft", _("a little rounded")
    ROUND = "round", _("round")

    @property
    def radius(self) -> str:
        return {"square": "0px", "soft": "6px", "round": "18px"}[self.value]


def stylesheet_of(look: "StoreLook") -> str:
    """The style sheet of a store's look; empty where it leaves everything to the theme."""
    values = {
        "--brand": _colour(look.brand),
        "--paper": _colour(look.paper),
        "--ink": _colour(look.ink),
        "--font-display": _stack(look.display_type),
        "--font-text": _stack(look.text_type),
        "--radius": Corners(look.corners).radius if look.corners in Corners.values else "",
    }
    rules = "".join(f"{name}:{value};" for name, value in values.items() if value)
    return f"@layer store{{:root{{{rules}}}}}" if rules else ""


def version_of(stylesheet: str) -> str:
    """What changes when the style sheet does."""
    return sha256(stylesheet.encode()).hexdigest()[:12]


def palette_of(look: "StoreLook") -> Palette:
    """The colours that a store is drawn in: its own, and its theme's where it has none."""
    themes = theme_palette(look.site.store.theme)
    own = {name: _colour(getattr(look, name)) or themes[name] for name in ("brand", "paper", "ink")}
    return Palette(**{name: Colour.from_hex(value) for name, value in own.items()})


@cache
def theme_palette(theme: str) -> dict[str, str]:
    """A theme's own brand, paper and ink, read from its style sheets; what it doesn't name is as in `base`."""
    found: dict[str, str] = {}
    for name in (theme, BASE):
        for path in sorted((Path(settings.THEMES) / name / "static").glob("**/*.css")):
            for key, value in re.findall(r"--(brand|paper|ink):\s*(#[0-9a-fA-F]{6});", path.read_text()):
                found.setdefault(key, value.lower())
    return found


def _colour(value: str) -> str:
    return value.lower() if HEX.fullmatch(value.lower()) else ""


def _stack(value: str) -> str:
    return Typeface(value).stack if value in Typeface.values else ""

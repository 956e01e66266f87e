"""Colours as numbers: what a theme's style sheet works out of a store's three colours, and whether it can be read.

Oklab is Björn Ottosson's (https://bottosson.github.io/posts/oklab/), contrast is WCAG 2.1's, 1.4.3. The mixtures are
those of `themes/base/static/themes/base/css/tokens.css`.
"""

import re
from dataclasses import dataclass

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

HEX = re.compile(r"#[0-9a-f]{6}")
validate_hex = RegexValidator(r"\A#[0-9a-fA-F]{6}\Z", _("A colour as six digits, such as #1f5d4c."))

AA_TEXT = 4.5
"""The contrast that text needs, WCAG 2.1 AA."""


@dataclass(frozen=True)
class Colour:
    """A colour in Oklab: lightness from 0 to 1, and two axes of hue and strength."""

    lightness: float
    a: float = 0.0
    b: float = 0.0

    @classmethod
    def from_hex(cls, value: str) -> "Colour":
        """The colour of `#rrggbb`. Raises `ValueError`."""
        if not HEX.fullmatch(value.lower()):
            raise ValueError(f"{value!r} is not a colour")
        r, g, b = (_linear(int(value[place : place + 2], 16) / 255) for place in (1, 3, 5))
        cone_l = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
        cone_m = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
        cone_s = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
        return cls(
            0.2104542553 * cone_l + 0.7936177850 * cone_m - 0.0040720468 * cone_s,
            1.9779984951 * cone_l - 2.4285922050 * cone_m + 0.4505937099 * cone_s,
            0.0259040371 * cone_l + 0.7827717662 * cone_m - 0.8086757660 * cone_s,
        )

    def mixed_with(self, other: "Colour", share: float) -> "Colour":
        """CSS's `color-mix(in oklab, self, other share)`."""
        return Colour(
            self.lightness + (other.lightness - self.lightness) * share,
            self.a + (other.a - self.a) * share,
            self.b + (other.b - self.b) * share,
        )

    def at(self, lightness: float) -> "Colour":
        return Colour(lightness, self.a, self.b)

    @property
    def luminance(self) -> float:
        """WCAG's relative luminance, from 0 (black) to 1 (white); what a screen can't show is cut off."""
        cone_l = (self.lightness + 0.3963377774 * self.a + 0.2158037573 * self.b) ** 3
        cone_m = (self.lightness - 0.1055613458 * self.a - 0.0638541728 * self.b) ** 3
        cone_s = (self.lightness - 0.0894841775 * self.a - 1.2914855480 * self.b) ** 3
        r = 4.0767416621 * cone_l - 3.3077115913 * cone_m + 0.2309699292 * cone_s
        g = -1.2684380046 * cone_l + 2.6097574011 * cone_m - 0.3413193965 * cone_s
        b = -0.0041960863 * cone_l - 0.7034186147 * cone_m + 1.7076147010 * cone_s
        r, g, b = (min(max(channel, 0.0), 1.0) for channel in (r, g, b))
        return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: Colour, other: Colour) -> float:
    """WCAG's contrast ratio, from 1 to 21."""
    lighter, darker = sorted((one.luminance, other.luminance), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@dataclass(frozen=True)
class Palette:
    """The three colours that a store sets; everything else is worked out of them."""

    brand: Colour
    paper: Colour
    ink: Colour

    def weakest_text(self) -> float:
        """The lowest contrast of text on paper, soft text included."""
        soft = self.ink.mixed_with(self.paper, 0.26)
        sunk = self.paper.mixed_with(self.ink, 0.04)
        return min(contrast(text, ground) for text in (self.ink, soft) for ground in (self.paper, sunk))

    def weakest_brand(self) -> float:
        """The lowest contrast of the brand as text, and of what stands on the brand."""
        text = self.brand.at(min(self.brand.lightness, 0.47))
        tint = self.paper.mixed_with(self.brand, 0.09)
        return min(contrast(text, self.paper), contrast(text, tint), contrast(self.on_brand, self.brand_fill))

    @property
    def brand_fill(self) -> Colour:
        lightness = self.brand.lightness
        return self.brand if lightness > 0.68 else self.brand.at(min(lightness, 0.52))

    @property
    def on_brand(self) -> Colour:
        return Colour(0.17) if self.brand.lightness > 0.68 else Colour(1.0)


def _linear(channel: float) -> float:
    """A channel of sRGB, from 0 to 1, as light (IEC 61966-2-1)."""
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

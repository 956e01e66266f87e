"""In which widths and formats a picture is shown, and what the files of these are called. Values in, values out."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

WIDTHS = (150, 300, 400, 640, 1200)
"""Basket lines, cards on a desk, cards on a telephone, cards on finer screens, the product's page."""

KINDS = ("avif", "webp")
"""The smallest first, the one that every browser shows last."""

RECIPE = 1
"""Moves on with the widths and the encoders' settings: names do too, since browsers keep what they have for good."""

LARGEST = WIDTHS[-1]


@dataclass(frozen=True)
class Renditions:
    """What there is of a picture, as its row keeps it: without `widths` it could not be drawn.

    `width` and `height` are the picture's own, upright, in pixels.
    """

    of: str
    width: int = 0
    height: int = 0
    widths: tuple[int, ...] = ()
    kinds: tuple[str, ...] = KINDS
    recipe: int = RECIPE

    @classmethod
    def of_row(cls, kept: dict[str, Any]) -> Self:
        return cls(**{**kept, "widths": tuple(kept["widths"]), "kinds": tuple(kept["kinds"])})

    def as_row(self) -> dict[str, Any]:
        return asdict(self)

    def names(self) -> Iterator[str]:
        return (name_of(self.of, width, kind, self.recipe) for width in self.widths for kind in self.kinds)

    def closest(self, width: int) -> int:
        """The width of the smallest that is as wide as this, or else of the widest."""
        return min((each for each in self.widths if each >= width), default=self.widths[-1])


def name_of(original: str, width: int, kind: str, recipe: int = RECIPE) -> str:
    """What a smaller one's file, or its address, is called beside that of its original."""
    return f"{original}.{width}.r{recipe}.{kind}"


def widths_of(width: int) -> tuple[int, ...]:
    """In which widths a picture of this one is shown: never wider than it is."""
    return (*(each for each in WIDTHS if each < width), min(width, LARGEST)) if width < LARGEST else WIDTHS

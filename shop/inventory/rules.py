"""From where pieces are taken: pure choices over values."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from django.db import models
from django.utils.translation import gettext_lazy as _


class AllocationRule(models.TextChoices):
    PRIORITY = "priority", _("the location of the first priority")
    NEAREST = "nearest", _("the location nearest to the delivery address")
    FULLEST = "fullest", _("the location that has most of it")


@dataclass(frozen=True)
class Place:
    """As much of an address as says how near it is; a country's ISO 3166 code."""

    country: str = ""
    postcode: str = ""


@dataclass(frozen=True)
class Shelf:
    """What of some goods is free at an active location."""

    location_id: int
    free: int
    priority: int = 0
    place: Place = Place()


def take(pieces: int, shelves: Iterable[Shelf], rule: AllocationRule, *, destination: Place) -> list[tuple[int, int]]:
    """From which locations so many pieces are taken, and how many from each; fewer in all where there are fewer.

    The first location, in the order of the rule, that has them all; for want of one, each in turn gives what it has.
    """
    stocked = sorted((shelf for shelf in shelves if shelf.free > 0), key=_order(rule, destination))
    whole = next((shelf for shelf in stocked if shelf.free >= pieces), None)
    return _in_turn(pieces, [whole] if whole else stocked)


def _in_turn(pieces: int, shelves: Sequence[Shelf]) -> list[tuple[int, int]]:
    taken = []
    for shelf in shelves:
        if given := min(pieces, shelf.free):
            taken.append((shelf.location_id, given))
            pieces -= given
    return taken


def _order(rule: AllocationRule, destination: Place) -> Callable[[Shelf], tuple[int, ...]]:
    def by_rule(shelf: Shelf) -> tuple[int, ...]:
        by = {AllocationRule.NEAREST: -nearness(shelf.place, destination), AllocationRule.FULLEST: -shelf.free}
        return by.get(rule, 0), shelf.priority, shelf.location_id

    return by_rule


def nearness(place: Place, destination: Place) -> int:
    """How much two addresses have in common: 0 for two countries; in one, the more, the longer their postcodes begin
    alike. Postcodes of nearly every country are given out by region from the left (UPU, S42)."""
    if not place.country or place.country != destination.country:
        return 0
    pairs = zip(*("".join(code.upper().split()) for code in (place.postcode, destination.postcode)), strict=False)
    return 1 + sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

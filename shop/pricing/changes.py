"""Changes of a price list, and what is wrong with them: values in, sentences out, nothing written."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from .errors import Problem
from .levels import TierKind
from .models import PriceTier

LARGEST_PRICE = Decimal(10_000_000)
LARGEST_QUANTITY = 1_000_000_000
YEARS = range(2000, 3000)
"""In which prices begin and end. PostgreSQL keeps moments that Python can't read: one of the year 10000 would break
every page that loads it."""


@dataclass(frozen=True)
class Target:
    """What a tier prices: a product, or all of a category."""

    product_id: int | None = None
    category_id: int | None = None


@dataclass(frozen=True)
class SetTier:
    """From so many pieces on, this price; in the place of the tier for the same target, quantity and start, if any."""

    target: Target
    value: Decimal
    min_quantity: int = 1
    kind: TierKind = TierKind.FIXED
    floor: Decimal | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True)
class DropTier:
    """No price of this list from so many pieces on any more."""

    target: Target
    min_quantity: int = 1
    valid_from: datetime | None = None


Change = SetTier | DropTier
Key = tuple[Target, int, datetime | None]


def key_of(row: Change | PriceTier) -> Key:
    """What there is one current tier of."""
    return target_of(row), row.min_quantity, row.valid_from


def target_of(row: Change | PriceTier) -> Target:
    return Target(row.product_id, row.category_id) if isinstance(row, PriceTier) else row.target


def problems_of(
    changes: Sequence[Change], existing: Iterable[PriceTier], known: set[Target], *, takes_effect_at: datetime
) -> list[Problem]:
    """All that is wrong with changes of a list, each said once, in their order.

    `existing` are the list's tiers of the same targets that are current, or retired only after `takes_effect_at`;
    `known` are the targets that the merchant has.
    """
    existing = list(existing)
    scheduled = {
        target_of(row)
        for row in existing
        if row.counts_from > takes_effect_at or (row.counts_until and row.counts_until > takes_effect_at)
    }
    current = {key_of(row) for row in existing}
    named = Counter(key_of(change) for change in changes)
    problems = []
    for index, change in enumerate(changes):
        reason = _own_problem(change)
        if change.target not in known:
            reason = _("There is no such product or category.")
        elif named[key_of(change)] > 1:
            reason = reason or _("The same quantity is named twice for the same thing.")
        elif change.target in scheduled:
            reason = reason or _("Its prices are changed by a later revision already: undo that one first.")
        elif isinstance(change, DropTier) and key_of(change) not in current:
            reason = reason or _("The list has no price to take out for this quantity.")
        if reason:
            problems.append(Problem(index, reason))
    return problems or list(_problems_together(changes, existing))


def _own_problem(change: Change) -> str | None:
    """What is wrong with a change whatever else there is."""
    if not 1 <= change.min_quantity <= LARGEST_QUANTITY:
        return _("A price needs a quantity of at least one piece.")
    if isinstance(change, DropTier):
        return None
    amounts = [change.value] if change.floor is None else [change.value, change.floor]
    if not all(amount.is_finite() for amount in amounts):
        return _("A price must be a number.")
    if min(amounts) < 0:
        return _("A price must not be negative.")
    if any(amount != round(amount, 4) for amount in amounts if amount <= LARGEST_PRICE):
        return _("A price must not have more than four decimals.")
    if max(amounts) > LARGEST_PRICE:
        return _("A price of more than %(most)d for one piece is taken for a slip.") % {"most": LARGEST_PRICE}
    if change.kind == TierKind.PERCENT and change.value > 100:
        return _("No more than 100 per cent can be taken off.")
    if change.valid_from and change.valid_until and change.valid_until <= change.valid_from:
        return _("A price must not end before it starts.")
    return None


def _problems_together(changes: Sequence[Change], existing: Iterable[PriceTier]) -> Iterator[Problem]:
    """What is wrong with the ladders as they would be: windows that overlap, and more pieces that cost more each."""
    replaced = {key_of(change) for change in changes}
    ladders: dict[Target, list[tuple[int | None, SetTier | PriceTier]]] = defaultdict(list)
    for row in existing:
        if key_of(row) not in replaced:
            ladders[target_of(row)].append((None, row))
    for index, change in enumerate(changes):
        if isinstance(change, SetTier):
            ladders[change.target].append((index, change))
    found = [problem for rungs in ladders.values() for problem in _problems_of_ladder(rungs)]
    yield from sorted(found, key=lambda problem: problem.index)


def _problems_of_ladder(rungs: list[tuple[int | None, SetTier | PriceTier]]) -> Iterator[Problem]:
    """Each is said of the last change that takes part in it."""
    rungs = sorted(rungs, key=lambda rung: rung[1].min_quantity)
    said: set[int] = set()
    pairs = (
        pairwise(rungs)
        if not any(row.valid_from or row.valid_until for _, row in rungs)
        else ((one, other) for place, one in enumerate(rungs) for other in rungs[place + 1 :])
    )
    for (one_index, one), (other_index, other) in pairs:
        index = max(-1 if one_index is None else one_index, -1 if other_index is None else other_index)
        if index in said or index < 0 or not _meet(one, other):
            continue
        if one.min_quantity == other.min_quantity:
            reason = _("Its time overlaps that of another price for the same quantity.")
        elif one.kind == other.kind and _is_dearer(other, one):
            values = {"less": one.min_quantity, "more": other.min_quantity}
            reason = _("From %(more)d pieces on one would cost more than from %(less)d on.") % values
        else:
            continue
        said.add(index)
        yield Problem(index, reason)


def _meet(one: SetTier | PriceTier, other: SetTier | PriceTier) -> bool:
    """Whether there is a moment at which both are valid."""
    starts_before_end = not (one.valid_until and other.valid_from) or other.valid_from < one.valid_until
    ends_after_start = not (other.valid_until and one.valid_from) or one.valid_from < other.valid_until
    return starts_before_end and ends_after_start


def _is_dearer(one: SetTier | PriceTier, other: SetTier | PriceTier) -> bool:
    """Of two of the same kind."""
    return one.value > other.value if one.kind == TierKind.FIXED else one.value < other.value

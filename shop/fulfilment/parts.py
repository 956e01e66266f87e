"""Some pieces of some lines, as somebody wants something done to them, and where that leaves the order. No queries."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from shop.order.models import Line
from shop.order.statuses import OrderStatus

from .errors import Changed, NothingChosen, TooMany


@dataclass(frozen=True)
class Part:
    """So many pieces of a line, of so many that were open when somebody looked: never sent and never cancelled.

    Open pieces only ever become fewer, so "2 of 5" can be done once: who asks for it again asks for the same, and who
    asks for it when 3 are open has not seen what happened meanwhile.
    """

    pieces: int
    of: int


Parts = Mapping[int, Part]
"""By the keys of order lines."""


def all_open(lines: Iterable[Line]) -> dict[int, Part]:
    return {line.pk: Part(line.num_open, line.num_open) for line in lines if line.num_open}


def key_of(parts: Parts) -> str:
    """Says which pieces of how many open ones, whatever their order."""
    text = ",".join(f"{pk}:{part.pieces}/{part.of}" for pk, part in sorted(parts.items()))
    return sha256(text.encode()).hexdigest()


def chosen(parts: Parts, lines: Mapping[int, Line]) -> dict[Line, int]:
    """How many pieces of which lines. Raises `NothingChosen`, `TooMany` where more are chosen than were seen open, and
    `Changed` where those are not as many any more."""
    if not parts or any(part.pieces < 1 for part in parts.values()):
        raise NothingChosen
    if any(part.pieces > part.of for part in parts.values()):
        raise TooMany
    if parts.keys() - lines.keys():
        raise NothingChosen
    for pk, part in parts.items():
        if lines[pk].num_open != part.of:
            raise Changed(lines[pk].title, lines[pk].num_open)
    return {lines[pk]: part.pieces for pk, part in sorted(parts.items())}


def status_after(status: OrderStatus, lines: Iterable[Line], *, is_delivered: bool) -> OrderStatus:
    """The state of an order whose pieces are sent and cancelled as its lines say.

    `is_delivered` says whether all parcels have arrived that were sent.
    """
    lines = list(lines)
    is_open, is_sent = any(line.num_open for line in lines), any(line.num_shipped for line in lines)
    if is_open:
        return OrderStatus.PARTLY_SHIPPED if is_sent and status != OrderStatus.HELD else status
    if not is_sent:
        return OrderStatus.CANCELLED
    return OrderStatus.COMPLETE if is_delivered else OrderStatus.SHIPPED

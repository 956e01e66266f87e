"""What an import would change: what a row says of its product, set against what the catalogue holds. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from .attributes import typed
from .errors import CellRefused, Refusal
from .frame import Frame, folded
from .rules import ATTRIBUTE
from .staging import Kind, StagedRow

Facts = Mapping[str, object]
"""Values by column: `title`, `price`, `attr:colour` ... Categories are a frozenset of folded paths; `listed` is whether
the store lists the product."""

LISTED = "listed"


@dataclass(frozen=True, slots=True)
class Change:
    """What is to become of one product; all its facts if it is new."""

    staged: StagedRow
    facts: Facts

    @property
    def is_addition(self) -> bool:
        return self.staged.product_id is None


@dataclass(slots=True)
class Plan:
    """What becomes of some rows. `unchanged` are the lines of those whose product is already as they say."""

    changes: list[Change] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Tally:
    """How many products an import adds, changes (and in which columns) and leaves as they are."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    columns: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return self.added + self.changed + self.unchanged

    def count(self, plan: Plan) -> None:
        self.unchanged += len(plan.unchanged)
        for change in plan.changes:
            if change.is_addition:
                self.added += 1
            else:
                self.changed += 1
                self.columns.update(change.facts.keys())


def plan(batch: Iterable[StagedRow], *, held: Mapping[int, Facts], frame: Frame) -> Plan:
    """Set each row against what the catalogue holds of its product, by product id."""
    planned = Plan()
    for staged in batch:
        try:
            wanted = facts_said(staged, frame)
        except _AttributeRefused as refused:
            planned.refusals.append(Refusal(staged.row.line, refused.column, refused.reason))
            continue
        known = held[staged.product_id] if staged.product_id is not None else {}
        if facts := {
            column: value for column, value in wanted.items() if column not in known or known[column] != value
        }:
            planned.changes.append(Change(staged, facts))
        else:
            planned.unchanged.append(staged.row.line)
    return planned


def facts_said(staged: StagedRow, frame: Frame) -> dict[str, object]:
    """What a row says of its product. An empty cell says nothing, nor does one that its kind of product hasn't got.

    A parent has no price and no stock; a variant has its parent's categories, and isn't listed by itself.
    """
    row = staged.row
    facts: dict[str, object] = {"title": row.title, "description": row.description, "barcode": row.barcode}
    if staged.kind is not Kind.PARENT:
        facts |= {"price": row.price, "stock": row.stock}
    if staged.kind is not Kind.CHILD:
        facts |= {"category": frozenset(map(folded, row.categories)), LISTED: True}
    said = {column: value for column, value in facts.items() if value not in (None, "", frozenset())}
    return said | {f"{ATTRIBUTE}{code}": _typed(staged, code, text, frame) for code, text in row.attributes}


def _typed(staged: StagedRow, code: str, text: str, frame: Frame) -> object:
    try:
        return typed(text, frame.attribute(staged.type_name, code))
    except CellRefused as refused:
        raise _AttributeRefused(f"{ATTRIBUTE}{code}", str(refused)) from refused


class _AttributeRefused(Exception):
    def __init__(self, column: str, reason: str) -> None:
        self.column, self.reason = column, reason

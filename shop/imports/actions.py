"""Loading a catalogue file into a store: all of it, in one transaction, or nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from django.db import transaction

from shop.audit import actions as audit
from shop.stores.models import Store

from . import comparison, locks, mending, staging, writing
from .frame import Missing, check_codes, load_frame, missing_from
from .holdings import facts_held
from .limits import limits_of_the_catalogue
from .plan import Plan, Tally, plan
from .reading import open_catalogue
from .rules import ATTRIBUTE
from .staging import Kind
from .writing import Target

Progress = Callable[[str, int], None]
"""Told what is being done and how many rows it has reached."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """How a file is to be loaded.

    `partner_id` is who supplies the products, `product_type` what new ones are whose rows don't say. A file with
    refused rows loads nothing, unless `refused_to` says where to write them.
    """

    partner_id: int
    product_type: str = "General"
    decimal_mark: str = "."
    prices_include_tax: bool = False
    ignored_columns: tuple[str, ...] = ()
    is_rehearsal: bool = False
    refused_to: Path | None = None


@dataclass(slots=True)
class Report:
    """What an import did or, where `is_loaded` is False, would do."""

    rows: int
    refused: int
    tally: Tally
    missing: Missing
    is_loaded: bool = False


@transaction.atomic
def import_catalogue(path: Path, *, store: Store, wishes: Wishes, progress: Progress) -> Report:
    """Load a file into the catalogue of the store's merchant, in whose scope this runs, and list its products there.

    What is held against rows can be read from `staging.refusals()` until the transaction ends. Raises FileRefused, and
    FileExistsError if there is a file at `wishes.refused_to` already.
    """
    locks.merchants_imports(store.merchant_id)
    rows, counts_stock = _stage(path, store, wishes, progress)
    comparison.compare(partner_id=wishes.partner_id, currency=store.currency, product_type=wishes.product_type)
    target = Target(store, wishes.partner_id, load_frame())
    tally = _compare(target, progress)
    refused = staging.count_refused()
    staging.leave_out_refused()
    missing = missing_from(
        target.frame,
        categories=staging.category_paths(),
        types=staging.type_names(),
        attributes=staging.attributes_of_types(),
    )
    report = Report(rows, refused, tally, missing)
    if not wishes.is_rehearsal and (not refused or wishes.refused_to):
        writing.make(missing, target.frame, tracks_stock=counts_stock)
        _write(target, progress)
        report.is_loaded = True
        _record(path, store, report)
        if refused and wishes.refused_to:
            mending.write_refused(path, wishes.refused_to, _reasons())
    return report


def _record(path: Path, store: Store, report: Report) -> None:
    tally = report.tally
    if tally.added or tally.changed:
        audit.record(
            "catalogue.imported",
            by=None,
            target=store,
            store=store,
            file=path.name,
            rows=report.rows,
            added=tally.added,
            changed=tally.changed,
            refused=report.refused,
        )


def _stage(path: Path, store: Store, wishes: Wishes, progress: Progress) -> tuple[int, bool]:
    """The number of rows, and whether the file counts stock."""
    with open_catalogue(
        path,
        limits=limits_of_the_catalogue(),
        decimal_mark=wishes.decimal_mark,
        tax_included=store.tax_rate if wishes.prices_include_tax else None,
        ignored=wishes.ignored_columns,
    ) as (rules, rows):
        check_codes(column.removeprefix(ATTRIBUTE) for column in rules.columns if column.startswith(ATTRIBUTE))
        return staging.stage(rows, progress=lambda count: progress("read", count)), "stock" in rules.columns


def _compare(target: Target, progress: Progress) -> Tally:
    """Refuse what doesn't fit, forget what changes nothing, and count."""
    tally = Tally()
    for kinds in ((Kind.STANDALONE, Kind.PARENT), (Kind.CHILD,)):
        comparison.refuse_orphans()
        for planned in _plans(target, *kinds):
            tally.count(planned)
            staging.refuse(planned.refusals)
            staging.leave_out(planned.unchanged)
            progress("compared", tally.total)
    return tally


def _write(target: Target, progress: Progress) -> None:
    written = 0
    for kind in (Kind.PARENT, Kind.STANDALONE, Kind.CHILD):
        for planned in _plans(target, kind):
            made = writing.write(planned.changes, target)
            if kind is Kind.PARENT:
                staging.remember_parents(made)
            written += len(planned.changes)
            progress("written", written)


def _plans(target: Target, *kinds: Kind) -> Iterator[Plan]:
    for batch in staging.batches(*kinds):
        yield plan(batch, held=facts_held(batch, store=target.store, frame=target.frame), frame=target.frame)


def _reasons() -> Iterator[tuple[int, str]]:
    """The reasons of each refused row, in one text."""
    for line, refusals in groupby(staging.refusals(), key=lambda refusal: refusal.line):
        yield line, "; ".join(f"{r.column}: {r.reason}" if r.column else r.reason for r in refusals)

"""Sending a price file, comparing it with its list, signing it, publishing it, and taking all of that back.

A file is compared in one transaction and published in another: whatever dies on the way leaves the file as it was, and
can be started again.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.imports.errors import FileRefused
from shop.imports.readers import Table, open_table
from shop.pricing import locks as pricing_locks
from shop.pricing.actions import publish_prepared, undo_revision
from shop.pricing.bulk import COLUMNS, Prepared
from shop.pricing.errors import ChangedMeanwhile, PricingRefused, UnknownPriceList
from shop.pricing.models import PriceList
from shop.stores.scope import required_merchant_id

from . import comparison, contents, locks, staging
from .errors import PriceFileRefused
from .models import SILENCE, PriceFile, SigningPolicy
from .querysets import signing_policy
from .rules import PriceRow, RefusedRow, Rules, columns_of, understand
from .states import Mode, State, Step

Progress = Callable[[Step, int], None]
"""Told what is being done and how many rows it has reached."""

KEPT_FOR = timedelta(days=30)
"""Files that are done with, and their rows."""

RETIRED = """
SELECT tier_ref FROM pricefiles_pricefilerow
 WHERE price_file_id = %(price_file)s AND outcome IN ('changed', 'removed')
"""
ADDED = f"""
SELECT {COLUMNS.replace("product_id", "product_ref").replace("category_id", "category_ref")}
  FROM pricefiles_pricefilerow
 WHERE price_file_id = %(price_file)s AND outcome IN ('added', 'changed')
 ORDER BY product_ref, category_ref, min_quantity
"""
GONE = """
SELECT EXISTS (SELECT FROM pricefiles_pricefilerow AS found
                WHERE price_file_id = %(price_file)s AND outcome IN ('added', 'changed')
                  AND NOT EXISTS (SELECT FROM catalogue_product product WHERE product.id = found.product_ref)
                  AND NOT EXISTS (SELECT FROM catalogue_category category WHERE category.id = found.category_ref))
"""


def quietly(step: Step, reached: int) -> None:
    """Tells nobody."""


@transaction.atomic
def receive(
    price_list: PriceList,
    chunks: Iterable[bytes],
    *,
    name: str,
    by: User | None,
    mode: Mode = Mode.CHANGE,
    decimal_mark: str = ".",
    takes_effect_at: datetime | None = None,
) -> PriceFile:
    """Take in a file for a list, to be compared with it. Raises `UnknownPriceList`, and `PriceFileRefused` while
    something is done with another file for the list: of two that come at once, one is told to wait."""
    try:
        price_list = pricing_locks.price_lists().get(pk=price_list.pk)
    except PriceList.DoesNotExist as error:
        raise UnknownPriceList from error
    now = timezone.now()
    if PriceFile.objects.filter(price_list=price_list).at_work(heard_of_since=now - SILENCE).exists():
        raise PriceFileRefused(_("Another file for this list is at work: wait until it is done."))
    PriceFile.objects.filter(price_list=price_list).finished_before(now - KEPT_FOR).delete()
    price_file = PriceFile.objects.create(
        price_list=price_list,
        name=name[:200],
        mode=mode,
        decimal_mark=decimal_mark,
        takes_effect_at=takes_effect_at,
        by=by,
        seen_at=now,
    )
    contents.keep(price_file, chunks)
    price_file.save(update_fields=["digest", "size"])
    record(
        "pricefiles.received",
        by=by,
        target=price_list,
        store=price_list.store,
        file=price_file.name,
        digest=price_file.digest,
        mode=price_file.mode,
    )
    return price_file


def compare_soon(price_file: PriceFile) -> None:
    """In the background, once the file is stored."""
    from .tasks import compare_file

    transaction.on_commit(partial(compare_file.delay, price_file.pk), robust=True)


@transaction.atomic
def compare(price_file: PriceFile, *, progress: Progress = quietly) -> PriceFile:
    """Read a file, hold it against its list, and note every difference: it then waits for sign-off, or is refused as a
    whole. Does nothing with a file that is not to be read (any more)."""
    if not locks.work_on(price_file.pk):
        return price_file
    price_file = PriceFile.objects.select_related("price_list").get(pk=price_file.pk)
    if price_file.state != State.READING:
        return price_file
    judged_at = price_file.price_list.last_revision
    moment = max(price_file.takes_effect_at or timezone.now(), timezone.now())
    try:
        with transaction.atomic(), contents.unpacked(price_file) as path, open_table(path) as table:
            rows = staging.stage(_understood(table, price_file), progress=partial(progress, Step.READ))
    except FileRefused as refusal:
        return _moved(price_file, State.REFUSED, fault=str(refusal)[:500])
    price_file.differences_found.all().delete()
    counts = comparison.compare(price_file, moment=moment, progress=partial(progress, Step.COMPARED))
    progress(Step.NOTED, rows)
    return _moved(price_file, State.COMPARED, rows=rows, judged_at_revision=judged_at, **counts)


@transaction.atomic
def compare_again(price_file: PriceFile, *, by: User | None) -> PriceFile:
    """Send a file through the comparison once more: since its list has changed, or since what was at work has died.

    Raises `PriceFileRefused`.
    """
    price_file = _held(price_file)
    if price_file.is_at_work or not State(price_file.state).leads_to(State.READING):
        raise _wrong_state(price_file)
    price_file = _moved(price_file, State.READING, fault="", step="", reached=0, signed_by=None, signed_at=None)
    compare_soon(price_file)
    return price_file


@transaction.atomic
def sign_off(price_file: PriceFile, *, by: User | None, leaves_out_refused: bool = False) -> PriceFile:
    """Say that a file is to be published as it was compared. Raises `PriceFileRefused`."""
    price_file = _held(price_file)
    if not State(price_file.state).leads_to(State.PUBLISHING):
        raise _wrong_state(price_file)
    if price_file.is_outdated:
        raise PriceFileRefused(_("The list has changed since: compare again."))
    if price_file.refused and not leaves_out_refused:
        raise PriceFileRefused(_("Some rows are refused: mend the file, or sign without them."))
    if not price_file.differences:
        raise PriceFileRefused(_("The file changes nothing."))
    if signing_policy().needs_second_person and (by is None or by.pk == price_file.by_id):
        raise PriceFileRefused(_("Somebody else has to sign this file."))
    price_file = _moved(
        price_file,
        State.PUBLISHING,
        signed_by=by,
        signed_at=timezone.now(),
        leaves_out_refused=leaves_out_refused,
        step="",
        reached=0,
    )
    _record("pricefiles.signed", price_file, by=by, differences=price_file.differences, refused=price_file.refused)
    return price_file


def publish_soon(price_file: PriceFile) -> None:
    """In the background, once it is signed."""
    from .tasks import publish_file

    transaction.on_commit(partial(publish_file.delay, price_file.pk), robust=True)


@transaction.atomic
def publish(price_file: PriceFile, *, progress: Progress = quietly) -> PriceFile:
    """Make a signed file a revision of its list: all of it or nothing. A file whose list, or whose goods, have changed
    since waits for another comparison; one that is not signed (any more) is left alone.

    Whoever wants something of the file waits meanwhile, so that nobody withdraws what is published.
    """
    price_file = _held(price_file)
    if price_file.state != State.PUBLISHING:
        return price_file
    this = {"price_file": price_file.pk}
    try:
        with transaction.atomic():
            _check_goods(this)
            revision = publish_prepared(
                price_file.price_list,
                Prepared(RETIRED, ADDED, price_file.judged_at_revision or 0, this),
                by=price_file.signed_by,
                takes_effect_at=price_file.takes_effect_at,
                note=price_file.name,
            )
            _check_keys()
    except ChangedMeanwhile:
        return _moved(price_file, State.FAILED, fault=_("The list has changed since: compare again."))
    progress(Step.ADDED, price_file.differences)
    return _moved(price_file, State.PUBLISHED, revision=revision)


@transaction.atomic
def undo(price_file: PriceFile, *, by: User | None) -> PriceFile:
    """Put back what there was before a file was published. Raises `PriceFileRefused`."""
    price_file = _held(price_file)
    if not State(price_file.state).leads_to(State.UNDONE) or price_file.revision is None:
        raise _wrong_state(price_file)
    try:
        undo_revision(price_file.revision, by=by)
    except PricingRefused as refusal:
        raise PriceFileRefused(str(refusal)) from refusal
    return _moved(price_file, State.UNDONE)


@transaction.atomic
def withdraw(price_file: PriceFile, *, by: User | None) -> PriceFile:
    """Let nothing come of a file. Raises `PriceFileRefused`."""
    price_file = _held(price_file)
    if not State(price_file.state).leads_to(State.WITHDRAWN) or (
        price_file.state == State.PUBLISHING and price_file.is_at_work
    ):
        raise _wrong_state(price_file)
    price_file.differences_found.all().delete()
    price_file.parts.all().delete()
    _record("pricefiles.withdrawn", price_file, by=by)
    return _moved(price_file, State.WITHDRAWN)


@transaction.atomic
def note_failure(price_file_id: int, sentence: str) -> None:
    """Say of a file that what was at work has stopped; it can be started again."""
    price_file = locks.price_files().get(pk=price_file_id)
    if State(price_file.state).leads_to(State.FAILED):
        _moved(price_file, State.FAILED, fault=sentence[:500])


@transaction.atomic
def set_policy(*, needs_second_person: bool, by: User | None) -> SigningPolicy:
    """Say who may sign."""
    policy, _is_new = SigningPolicy.objects.update_or_create(
        merchant_id=required_merchant_id(), defaults={"needs_second_person": needs_second_person}
    )
    record("pricefiles.policy_changed", by=by, needs_second_person=needs_second_person)
    return policy


def _understood(table: Table, price_file: PriceFile) -> Iterator[PriceRow | RefusedRow]:
    rules = Rules(columns_of(table.header), price_file.price_list.currency, price_file.decimal_mark)
    return (understand(row, rules) for row in table.rows)


def _held(price_file: PriceFile) -> PriceFile:
    """The file as it is now, locked. Raises `PriceFileRefused`."""
    held = locks.price_files().filter(pk=price_file.pk).first()
    if held is None:
        raise PriceFileRefused(_("There is no such file."))
    return held


def _moved(price_file: PriceFile, state: State, **fields: object) -> PriceFile:
    """The file in another state. One that somebody has withdrawn meanwhile stays so."""
    now_held = locks.price_files().get(pk=price_file.pk)
    if State(now_held.state).leads_to(state):
        for name, value in {**fields, "state": state, "seen_at": timezone.now()}.items():
            setattr(now_held, name, value)
        now_held.save()
    return now_held


def _check_goods(parameters: dict[str, int]) -> None:
    """Raises `ChangedMeanwhile` where goods of the file have left the catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(GONE, parameters)
        if cursor.fetchone()[0]:
            raise ChangedMeanwhile


def _check_keys() -> None:
    """Have foreign keys checked now rather than with the commit, where nobody could say what went wrong."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _record(action: str, price_file: PriceFile, *, by: User | None, **details: Any) -> None:
    price_list = price_file.price_list
    record(action, by=by, target=price_list, store=price_list.store, file=price_file.name, **details)


def _wrong_state(price_file: PriceFile) -> PriceFileRefused:
    return PriceFileRefused(
        _("The file %(name)s %(state)s: this can't be done now.")
        % {"name": price_file.name, "state": State(price_file.state).label}
    )

"""Importing statements, and taking entries for orders. Every deed stands in the audit trail."""

from collections.abc import Iterable
from dataclasses import asdict
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.order import locks as order_locks
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.actions import note_transaction
from shop.payments.errors import OverRefund, WrongMoney
from shop.payments.kinds import TransactionKind
from shop.payments.ledger import balance_of
from shop.payments.models import PaymentTransaction
from shop.payments.refunds import refundable
from shop.review.actions import hold

from . import locks
from .errors import StatementRefused
from .matching import findings
from .models import BankEntry, BankStatement, EntryMatch, EntryState
from .readers.camt import is_xml, read_camt
from .readers.csv_table import Layout, bookings_of, read_sheet
from .readers.entries import Booking, keyed

METHOD = "bank_transfer"
LARGEST_FILE_B = 10 * 1024**2
RETURNABLE = frozenset({OrderStatus.PAID, OrderStatus.PROCESSING})
"""Orders that wait when their payment goes back, before the goods go out."""


@transaction.atomic
def receive(content: bytes, *, name: str, by: User | None) -> BankStatement:
    """Keep a statement's entries: of CAMT.053 at once, of CSV when `read_columns` is told its columns.

    An entry that is known already, from whichever file, is not kept again. Raises `StatementRefused`.
    """
    if len(content) > LARGEST_FILE_B:
        raise StatementRefused(_("The file is larger than 10 MB: divide it."))
    if not is_xml(content[:200]):
        signature = read_sheet(content).signature
        return BankStatement.objects.create(name=name[:200], content=content, signature=signature, imported_by=by)
    accounts = read_camt(content)
    bookings = [pair for account in accounts for pair in keyed(account.iban, account.bookings)]
    ibans = ", ".join(account.iban for account in accounts)
    statement = BankStatement.objects.create(name=name[:200], account=ibans[:64], imported_by=by)
    return _keep(statement, bookings, by)


@transaction.atomic
def read_columns(statement: BankStatement, layout: Layout, *, account: str, by: User | None) -> BankStatement:
    """Keep the entries of a CSV file, whose columns mean this. Raises `StatementRefused`."""
    held = locks.statements().get(pk=statement.pk)
    if held.content is None:
        return held
    bookings = bookings_of(read_sheet(bytes(held.content)), layout)
    held.content, held.layout, held.account = None, asdict(layout), account
    held.save(update_fields=["content", "layout", "account"])
    return _keep(held, list(keyed(account, bookings)), by)


@transaction.atomic
def discard(statement: BankStatement, *, by: User | None) -> None:
    """Forget a CSV file whose columns nobody named. Raises `StatementRefused` for one that was read."""
    held = locks.statements().get(pk=statement.pk)
    if held.is_read:
        raise StatementRefused(_("What was read stays."))
    held.delete()


def layout_known(statement: BankStatement) -> BankStatement | None:
    """The file of this heading that was read last: what was said of its columns holds for this one too."""
    read = BankStatement.objects.filter(signature=statement.signature, layout__isnull=False)
    return read.order_by("-pk").first()


@transaction.atomic
def confirm_exact(entries: Iterable[BankEntry], *, by: User | None) -> list[EntryMatch]:
    """Take each of these entries that fits one order exactly for that order; the others stay as they are.

    What fits is looked at again one by one, with the orders locked: two entries may fit the same order, here or in a
    statement that somebody else confirms, and only the first is taken.
    """
    held = list(locks.entries().to_look_at().filter(pk__in=[entry.pk for entry in entries]).with_matches())
    fitting = _exact(held)
    list(order_locks.orders().filter(pk__in=[order.pk for _entry, order in fitting]))
    matches = []
    for entry, _order in fitting:
        matches += [match_entry(entry, order, entry.rest, by=by) for entry, order in _exact([entry])]
    return matches


@transaction.atomic
def match_entry(entry: BankEntry, order: Order, amount: Decimal, *, by: User | None) -> EntryMatch:
    """Take an entry, or a part of it, for an order: a capture in its ledger; a refund where the money went back.

    Done twice it is done once. An order whose payment went back before it was sent is held. Raises `StatementRefused`.
    """
    held = locks.entries().with_matches().get(pk=entry.pk)
    if earlier := next((match for match in held.matches.all() if match.order_id == order.pk), None):
        return _same(earlier, amount)
    if not 0 < amount <= held.rest:
        raise StatementRefused(_("That is more than is left of the entry."))
    kind = TransactionKind.CAPTURE if held.is_credit else TransactionKind.REFUND
    noted = _noted(held, order, kind, amount, by=by)
    match = EntryMatch.objects.create(entry=held, order=order, transaction=noted, amount=amount, by=by)
    if amount == held.rest:
        _move(held, EntryState.MATCHED)
    if kind == TransactionKind.REFUND:
        _hold_unpaid(order, by=by)
    record("bank_entry.matched", by=by, target=held, store=order.store, order=order.number, amount=str(amount))
    return match


@transaction.atomic
def set_aside(entry: BankEntry, *, reason: str, by: User | None) -> BankEntry:
    """Look no more at (what is left of) an entry. Raises `StatementRefused` for one that is matched."""
    held = locks.entries().get(pk=entry.pk)
    if held.state == EntryState.MATCHED:
        raise StatementRefused(_("All of this entry is matched."))
    _move(held, EntryState.ASIDE, reason=reason)
    record("bank_entry.set_aside", by=by, target=held, reason=reason)
    return held


@transaction.atomic
def take_up(entry: BankEntry, *, by: User | None) -> BankEntry:
    """Look at an entry again that was set aside."""
    held = locks.entries().get(pk=entry.pk)
    if held.state == EntryState.ASIDE:
        _move(held, EntryState.OPEN)
        record("bank_entry.taken_up", by=by, target=held)
    return held


def _exact(entries: list[BankEntry]) -> list[tuple[BankEntry, Order]]:
    """Those that fit one order exactly, with it."""
    found = findings(entries)
    fits = [(entry, found[entry.pk]) for entry in entries]
    return [(entry, finding.candidates[0].order) for entry, finding in fits if finding.is_exact]


def _keep(statement: BankStatement, bookings: list[tuple[str, Booking]], by: User | None) -> BankStatement:
    """Those of the movements that may be for an order, and that no file brought before."""
    wanted = [_entry(statement, key, booking) for key, booking in bookings if booking.is_credit or booking.is_return]
    BankEntry.objects.bulk_create([entry for entry in wanted if entry.amount], batch_size=1000, ignore_conflicts=True)
    kept = statement.entries.count()
    statement.known = len(wanted) - kept
    if kept:
        statement.save(update_fields=["known"])
    else:
        statement.delete()
    record("bank_statement.imported", by=by, file=statement.name, new=kept, known=statement.known)
    return statement


def _entry(statement: BankStatement, key: str, booking: Booking) -> BankEntry:
    return BankEntry(
        statement=statement,
        key=key,
        booked_on=booking.booked_on,
        amount=booking.amount,
        currency=booking.currency,
        is_credit=booking.is_credit,
        is_return=booking.is_return,
        text=booking.text[:1000],
        creditor_reference=booking.creditor_reference[:100],
        payer=booking.payer[:200],
        payer_iban=booking.payer_iban[:34],
        bank_reference=booking.bank_reference[:200],
    )


def _noted(
    entry: BankEntry, order: Order, kind: TransactionKind, amount: Decimal, *, by: User | None
) -> PaymentTransaction:
    """In the order's ledger. Raises `StatementRefused`, also where less came by transfer than goes back by one."""
    if kind == TransactionKind.REFUND and amount > refundable(order).get(METHOD, Decimal(0)):
        raise StatementRefused(_("More would go back than was paid for the order by transfer."))
    try:
        return note_transaction(
            order,
            kind,
            amount,
            method=METHOD,
            key=f"{kind}:{order.number}:entry-{entry.pk}",
            currency=entry.currency,
            reference=entry.bank_reference,
            by=by,
            details={"bank_entry": entry.pk, "booked_on": entry.booked_on.isoformat()},
        )
    except OverRefund:
        raise StatementRefused(_("More would go back than was paid for the order.")) from None
    except WrongMoney:
        raise StatementRefused(_("The order is in another currency.")) from None


def _same(match: EntryMatch, amount: Decimal) -> EntryMatch:
    """The same once more. Raises `StatementRefused` where it is another amount."""
    if match.amount != amount:
        raise StatementRefused(_("A part of this entry was taken for that order already."))
    return match


def _move(entry: BankEntry, state: EntryState, *, reason: str = "") -> None:
    entry.state, entry.reason = state, reason[:300]
    entry.save(update_fields=["state", "reason"])


def _hold_unpaid(order: Order, *, by: User | None) -> None:
    held = order_locks.orders().get(pk=order.pk)
    if OrderStatus(held.status) in RETURNABLE and not balance_of(held).is_settled:
        hold(held, by=by, reason=_("The payment went back."))

"""From the bank's file to the order that is paid."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from shop.audit.models import AuditEntry
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.actions import note_transaction
from shop.payments.kinds import TransactionKind
from shop.payments.ledger import balance_of
from shop.payments.models import PaymentTransaction
from shop.payments.references import creditor_reference
from shop.statements.actions import confirm_exact, match_entry, read_columns, receive, set_aside, take_up
from shop.statements.errors import StatementRefused
from shop.statements.matching import Fit, findings
from shop.statements.models import BankEntry, BankStatement, EntryMatch, EntryState
from shop.statements.readers.csv_table import guessed, read_sheet
from shop.stores.scope import merchant_scope
from tests.statements.files import SPARKASSE, Movement, camt
from tests.trade import an_order

pytestmark = [pytest.mark.django_db, pytest.mark.data]

NUMBER, OTHER = "AURORA-7K3M9RXVW", "AURORA-HHHH2222T"


@pytest.fixture
def order(aurora_store) -> Order:
    """That waits for 25 pounds."""
    return an_order(aurora_store, number=NUMBER, status=OrderStatus.AWAITING_PAYMENT, total=Decimal(25))


def received(*movements, **options):
    return receive(camt(*movements, **options), name="statement.xml", by=None)


def fits():
    """What each entry seems to be, in the order of the file."""
    entries = list(BankEntry.objects.with_matches().order_by("pk"))
    found = findings(entries)
    return [found[entry.pk].fit for entry in entries]


def confirmed():
    return [match.order.number for match in confirm_exact(BankEntry.objects.to_look_at(), by=None)]


@pytest.mark.parametrize(
    "said",
    [
        {"text": NUMBER},
        {"text": "order aurora 7k3m9rxvw, thanks"},
        {"text": "INV AURORA-7K3M 9RXVW"},
        {"end_to_end": NUMBER},
        {"creditor_reference": creditor_reference(NUMBER)},
    ],
)
def test_what_fits_exactly_is_noted_when_it_is_confirmed_and_the_order_is_paid(order, said):
    received(Movement("25.00", reference="B-1", **said))
    assert fits() == [Fit.EXACT]
    assert not PaymentTransaction.objects.exists()

    assert confirmed() == [NUMBER]

    noted = PaymentTransaction.objects.get()
    assert (noted.kind, noted.amount, noted.currency, noted.method) == ("capture", 25, "GBP", "bank_transfer")
    assert noted.reference == "B-1"
    assert Order.objects.get().status == OrderStatus.PAID
    entry = BankEntry.objects.get()
    assert (entry.state, entry.matches.get().transaction) == (EntryState.MATCHED, noted)
    assert confirmed() == []


def test_the_same_statement_twice_changes_nothing(order):
    first = received(Movement("25.00", NUMBER), Movement("3.00", "who knows"))
    confirmed()

    second = received(Movement("25.00", NUMBER), Movement("3.00", "who knows"))

    assert (first.known, second.known, second.pk) == (0, 2, None)
    assert BankStatement.objects.count() == 1
    assert BankEntry.objects.count() == 2
    assert PaymentTransaction.objects.count() == 1
    assert confirmed() == []


def test_of_statements_that_overlap_only_what_is_new_is_kept(order):
    received(Movement("25.00", NUMBER), Movement("3.00", "a"))

    second = received(Movement("3.00", "a"), Movement("4.00", "b"))

    assert (second.known, second.entries.get().text) == (1, "b")


@pytest.mark.parametrize(
    ("movement", "fit"),
    [
        (Movement("20.00", NUMBER), Fit.PARTIAL),
        (Movement("25.01", NUMBER), Fit.OVERPAID),
        (Movement("25.00", "for the cups"), Fit.UNKNOWN),
        (Movement("25.00", f"{NUMBER} {OTHER}"), Fit.AMBIGUOUS),
        (Movement("25.00", NUMBER, currency="EUR"), Fit.CURRENCY),
        (Movement("25.00", NUMBER, is_returned=True), Fit.RETURNED),
        (Movement("25.00", NUMBER, direction="DBIT", is_returned=True), Fit.RETURNED),
    ],
)
def test_what_does_not_fit_exactly_waits_for_somebody(order, movement, fit, aurora_store):
    an_order(aurora_store, number=OTHER, status=OrderStatus.AWAITING_PAYMENT, total=Decimal(7))
    received(movement)

    assert fits() == [fit]
    assert confirmed() == []
    assert not PaymentTransaction.objects.exists()
    assert BankEntry.objects.get().state == EntryState.OPEN


def test_money_that_goes_out_by_itself_is_not_kept(order):
    assert received(Movement("25.00", NUMBER, direction="DBIT")).pk is None

    assert not BankEntry.objects.exists()


def test_of_two_that_pay_the_same_order_the_second_is_too_much(order):
    received(Movement("25.00", NUMBER, reference="B-1"), Movement("25.00", NUMBER, reference="B-2"))
    assert fits() == [Fit.EXACT, Fit.EXACT]

    assert confirmed() == [NUMBER]

    assert fits()[1] == Fit.OVERPAID
    assert balance_of(order).paid == 25


def test_the_rest_of_an_order_fits_exactly_after_a_part_was_paid(order):
    received(Movement("20.00", NUMBER), Movement("5.00", NUMBER))
    first = BankEntry.objects.order_by("pk")[0]

    match_entry(first, order, Decimal(20), by=None)

    assert Order.objects.get().status == OrderStatus.AWAITING_PAYMENT
    assert confirmed() == [NUMBER]
    assert Order.objects.get().status == OrderStatus.PAID
    assert {entry.state for entry in BankEntry.objects.all()} == {EntryState.MATCHED}


def test_one_transfer_may_pay_two_orders(order, aurora_store):
    other = an_order(aurora_store, number=OTHER, status=OrderStatus.AWAITING_PAYMENT, total=Decimal(7))
    received(Movement("32.00", f"{NUMBER}, {OTHER}"))
    entry = BankEntry.objects.get()

    match_entry(entry, order, Decimal(25), by=None)
    assert BankEntry.objects.get().state == EntryState.OPEN
    match_entry(entry, other, Decimal(7), by=None)

    assert {order.status for order in Order.objects.all()} == {OrderStatus.PAID}
    assert BankEntry.objects.get().state == EntryState.MATCHED


def test_two_clicks_note_one_payment(order):
    received(Movement("20.00", NUMBER))
    entry = BankEntry.objects.get()

    first, second = (match_entry(entry, order, Decimal(20), by=None) for _ in range(2))

    assert first == second
    assert balance_of(order).paid == 20


@pytest.mark.parametrize(("amount", "said"), [("20.01", "more than is left"), ("0", "more than is left")])
def test_no_more_is_taken_of_an_entry_than_it_has(order, amount, said):
    received(Movement("20.00", NUMBER))

    with pytest.raises(StatementRefused, match=said):
        match_entry(BankEntry.objects.get(), order, Decimal(amount), by=None)

    assert not PaymentTransaction.objects.exists()
    assert not EntryMatch.objects.exists()


def test_an_entry_in_another_currency_pays_nothing(order):
    received(Movement("25.00", NUMBER, currency="EUR"))

    with pytest.raises(StatementRefused, match="another currency"):
        match_entry(BankEntry.objects.get(), order, Decimal(25), by=None)

    assert not PaymentTransaction.objects.exists()


def test_a_payment_that_goes_back_is_taken_off_and_the_order_waits(order):
    received(Movement("25.00", NUMBER, reference="B-1"))
    confirmed()
    received(Movement("25.00", NUMBER, reference="B-1", direction="DBIT", is_returned=True))
    assert fits()[1] == Fit.EXACT

    assert confirmed() == [NUMBER]

    balance = balance_of(order)
    assert (balance.captured, balance.refunded, balance.paid, balance.open) == (25, 25, 0, 25)
    assert Order.objects.get().status == OrderStatus.HELD


def test_no_more_goes_back_by_transfer_than_came_by_transfer(order):
    note_transaction(order, TransactionKind.CAPTURE, Decimal(25), method="gift_card", key="card")
    received(Movement("25.00", NUMBER, direction="DBIT", is_returned=True))

    assert confirmed() == []
    with pytest.raises(StatementRefused, match="by transfer"):
        match_entry(BankEntry.objects.get(), order, Decimal(25), by=None)

    assert balance_of(order).paid == 25


def test_no_more_goes_back_than_was_paid(order):
    received(Movement("30.00", NUMBER, direction="DBIT", is_returned=True))

    with pytest.raises(StatementRefused, match="More would go back"):
        match_entry(BankEntry.objects.get(), order, Decimal(30), by=None)

    assert not PaymentTransaction.objects.exists()


def test_a_cancelled_order_takes_no_money_by_itself(order):
    Order.objects.update(status=OrderStatus.CANCELLED)
    received(Movement("25.00", NUMBER))

    assert fits() == [Fit.CANCELLED]
    assert confirmed() == []
    assert BankEntry.objects.to_look_at().count() == 1


def test_what_is_set_aside_is_out_of_the_way_until_it_is_taken_up(order):
    received(Movement("25.00", "rent"))
    entry = BankEntry.objects.get()

    set_aside(entry, reason="private", by=None)
    assert (BankEntry.objects.get().state, BankEntry.objects.get().reason) == (EntryState.ASIDE, "private")
    assert not BankEntry.objects.to_look_at().exists()

    take_up(entry, by=None)
    assert BankEntry.objects.to_look_at().get() == entry
    deeds = AuditEntry.objects.filter(action__startswith="bank_entry").order_by("pk").values_list("action", flat=True)
    assert list(deeds) == ["bank_entry.set_aside", "bank_entry.taken_up"]


def test_a_matched_entry_is_not_set_aside(order):
    received(Movement("25.00", NUMBER))
    confirmed()

    with pytest.raises(StatementRefused):
        set_aside(BankEntry.objects.get(), reason="no", by=None)

    assert BankEntry.objects.get().state == EntryState.MATCHED


def test_a_csv_file_is_read_when_its_columns_are_named_and_known_again(order):
    content = SPARKASSE.format(text=NUMBER).replace("1.025,00", "25,00").encode("cp1252")
    layout = guessed(read_sheet(content))
    statement = receive(content, name="umsaetze.csv", by=None)
    assert not statement.is_read
    assert not BankEntry.objects.exists()

    read = read_columns(statement, layout, account="GB29", by=None)

    assert (read.is_read, read.entries.count()) == (True, 1)
    assert confirmed() == [NUMBER]
    again = read_columns(receive(content, name="umsaetze.csv", by=None), layout, account="GB29", by=None)
    assert (again.pk, again.known) == (None, 1)


def test_a_file_that_is_too_large_is_refused(aurora_store):
    with pytest.raises(StatementRefused, match="10 MB"):
        receive(b"<" + b" " * 10 * 1024**2, name="large.xml", by=None)

    assert not BankStatement.objects.exists()


def test_a_match_is_never_changed(order):
    received(Movement("25.00", NUMBER))
    confirmed()

    with pytest.raises(DatabaseError), transaction.atomic():
        EntryMatch.objects.update(amount=1)
    with pytest.raises(DatabaseError), transaction.atomic():
        EntryMatch.objects.all().delete()

    assert EntryMatch.objects.get().amount == 25


def test_fifty_entries_are_looked_at_with_as_many_statements_as_five(order, django_assert_num_queries):
    received(*(Movement("25.00", NUMBER, reference=f"B-{n}") for n in range(50)))
    entries = list(BankEntry.objects.with_matches())

    with django_assert_num_queries(4):
        findings(entries[:5])
    with django_assert_num_queries(4):
        findings(entries)


def test_another_merchants_entry_pays_nothing_here(order, lumen):
    with merchant_scope(lumen.pk):
        received(Movement("25.00", NUMBER))
        assert fits() == [Fit.UNKNOWN]
        entry = BankEntry.objects.get()

    assert not BankEntry.objects.exists()
    with pytest.raises(BankEntry.DoesNotExist):
        match_entry(entry, order, Decimal(25), by=None)
    assert not PaymentTransaction.objects.exists()

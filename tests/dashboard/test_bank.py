"""The pages on which staff send statements and match what came in."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.actions import note_transaction
from shop.payments.kinds import TransactionKind
from shop.payments.ledger import balance_of
from shop.payments.models import PaymentTransaction
from shop.statements.models import BankEntry, BankStatement
from shop.stores.scope import merchant_scope
from tests.statements.files import BARCLAYS, Movement, camt
from tests.trade import an_order

pytestmark = pytest.mark.django_db

STATEMENTS, ENTRIES = reverse("dashboard:bank-statements"), reverse("dashboard:bank-entries")
NUMBER = "AURORA-7K3M9RXVW"


@pytest.fixture
def order(world, aurora):
    with merchant_scope(aurora.pk):
        return an_order(world.here, number=NUMBER, status=OrderStatus.AWAITING_PAYMENT, total=Decimal(25))


def send(browser, content, name="statement.xml"):
    return browser.post(STATEMENTS, {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_a_clerk_sends_a_statement_confirms_it_and_the_order_is_paid(browser_of, order, aurora):
    clerk = browser_of("orders")

    page = send(clerk, camt(Movement("25.00", NUMBER), Movement("9.00", "mystery"))).content.decode()
    assert "Confirm 1 exact match" in page
    with merchant_scope(aurora.pk):
        statement = BankStatement.objects.get()
    page = clerk.post(reverse("dashboard:bank-statement-confirm", args=[statement.pk]), follow=True).content.decode()
    assert "1 payment noted." in page

    with merchant_scope(aurora.pk):
        assert Order.objects.get(pk=order.pk).status == OrderStatus.PAID
        assert balance_of(order).paid == 25
    queue = clerk.get(ENTRIES).content.decode()
    assert "mystery" in queue
    assert NUMBER not in queue
    assert NUMBER in clerk.get(ENTRIES, {"state": "matched"}).content.decode()
    assert "was known already: nothing was changed" in send(clerk, camt(Movement("9.00", "mystery"))).content.decode()


def test_orders_that_were_sent_and_not_paid_are_proposed_and_no_others(browser_of, world, order, aurora):
    with merchant_scope(aurora.pk):
        for number, status in (("SENT-1", OrderStatus.SHIPPED), ("OFF-1", OrderStatus.CANCELLED)):
            an_order(world.here, number=number, status=status, total=Decimal(25))
        paid = an_order(world.here, number="PAID-1", status=OrderStatus.SHIPPED, total=Decimal(25))
        note_transaction(paid, TransactionKind.CAPTURE, Decimal(25), method="bank_transfer", key="paid")
    clerk = browser_of("orders")
    send(clerk, camt(Movement("25.00", "for the cups")))
    with merchant_scope(aurora.pk):
        entry = BankEntry.objects.get()

    page = clerk.get(reverse("dashboard:bank-entry", args=[entry.pk])).content.decode()

    found = [number for number in (NUMBER, "SENT-1", "OFF-1", "PAID-1") if number in page]
    assert found == [NUMBER, "SENT-1"]


def test_what_names_no_order_is_matched_by_hand_with_the_order_that_waits_for_it(browser_of, order, aurora):
    clerk = browser_of("orders")
    send(clerk, camt(Movement("25.00", "for the cups")))
    with merchant_scope(aurora.pk):
        entry = BankEntry.objects.get()
    page = clerk.get(reverse("dashboard:bank-entry", args=[entry.pk])).content.decode()
    assert NUMBER in page

    match = reverse("dashboard:bank-entry-match", args=[entry.pk])
    assert "There is no order NONE-1." in clerk.post(match, {"number": "none-1", "amount": "25"}).content.decode()
    assert "more than is left" in clerk.post(match, {"number": NUMBER, "amount": "26"}).content.decode()
    assert clerk.post(match, {"number": NUMBER.lower(), "amount": "25.00"})["Location"] == ENTRIES

    with merchant_scope(aurora.pk):
        assert balance_of(order).paid == 25
        assert PaymentTransaction.objects.get().by.email == "orders-0@aurora.example"


def test_an_entry_is_set_aside_for_a_reason_and_taken_up_again(browser_of, order, aurora):
    clerk = browser_of("orders")
    send(clerk, camt(Movement("25.00", "rent")))
    with merchant_scope(aurora.pk):
        aside = reverse("dashboard:bank-entry-aside", args=[BankEntry.objects.get().pk])

    assert "This field is required" in clerk.post(aside, {}).content.decode()
    clerk.post(aside, {"reason": "private"})
    assert "private" in clerk.get(ENTRIES, {"state": "aside"}).content.decode()
    clerk.post(aside)
    assert "rent" in clerk.get(ENTRIES).content.decode()


def test_the_columns_of_a_csv_file_are_named_once(browser_of, order, aurora):
    clerk = browser_of("orders")
    page = send(clerk, BARCLAYS.format(text=NUMBER).encode(), "bank.csv")
    address = page.redirect_chain[-1][0]
    said = {"column_booked_on": "1", "column_amount": "3", "column_text": "5", "decimal_mark": "."}
    assert "Which column holds what?" in page.content.decode()
    assert "Say the currency" in clerk.post(address, said).content.decode()

    page = clerk.post(address, said | {"currency": "gbp"}, follow=True).content.decode()
    assert "Confirm 1 exact match" in page

    later = send(clerk, BARCLAYS.format(text="another").encode(), "bank2.csv").content.decode()
    assert 'value="GBP"' in later


@pytest.mark.parametrize("content", [b"", b"hello", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\x00\x01\x02"])
def test_what_is_no_statement_is_refused_on_the_page(browser_of, order, aurora, content):
    page = send(browser_of("orders"), content)

    assert page.status_code == 200
    with merchant_scope(aurora.pk):
        assert not BankStatement.objects.exists()


def test_a_file_whose_columns_nobody_named_is_forgotten(browser_of, order, aurora):
    clerk = browser_of("orders")
    send(clerk, BARCLAYS.format(text=NUMBER).encode(), "bank.csv")
    with merchant_scope(aurora.pk):
        pk = BankStatement.objects.get().pk

    clerk.post(reverse("dashboard:bank-statement-discard", args=[pk]))

    with merchant_scope(aurora.pk):
        assert not BankStatement.objects.exists()


def test_forty_entries_are_shown_with_as_many_statements_as_ten(browser_of, order, aurora):
    clerk, counts = browser_of("orders"), []
    for first, last in ((0, 10), (10, 40)):
        send(clerk, camt(*(Movement("25.00", NUMBER, reference=f"B-{n}") for n in range(first, last))))
        clerk.get(ENTRIES)
        with CaptureQueriesContext(connection) as queries:
            clerk.get(ENTRIES)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_another_merchants_statement_is_not_there(browser_of, order, aurora, lumen):
    with merchant_scope(lumen.pk):
        foreign = BankStatement.objects.create(name="theirs")
        entry = BankEntry.objects.create(
            statement=foreign,
            key="k",
            booked_on="2026-11-27",
            amount=25,
            currency="GBP",
            is_credit=True,
            is_return=False,
            text=NUMBER,
        )
    owner = browser_of("owner")

    assert owner.get(reverse("dashboard:bank-statement", args=[foreign.pk])).status_code == 404
    assert owner.post(reverse("dashboard:bank-statement-confirm", args=[foreign.pk])).status_code == 404
    match = reverse("dashboard:bank-entry-match", args=[entry.pk])
    assert owner.post(match, {"number": NUMBER, "amount": "25"}).status_code == 404

    with merchant_scope(aurora.pk):
        assert not PaymentTransaction.objects.exists()

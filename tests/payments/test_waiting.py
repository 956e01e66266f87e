"""Orders that wait for a transfer: reminded half-way, ended when it is late; what comes later is not lost."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format

from shop.audit.models import AuditEntry
from shop.credit.actions import balance_of as card_balance
from shop.credit.actions import issue_gift_card
from shop.credit.spending import Wish
from shop.fulfilment.actions.reviewing import hold_order, release_order
from shop.messages.models import Message
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.draining import drain_all
from shop.outbox.models import OutboxEvent
from shop.payments.actions import offer_method, withdraw_method
from shop.payments.gateways.polling import poll
from shop.payments.ledger import balance_of
from shop.payments.offers import instructions_for
from shop.statements.actions import match_entry, receive
from shop.statements.matching import Fit, findings
from shop.statements.models import BankEntry
from shop.stores.scope import own_scope, remembered_merchant
from tests.fulfilment.orders import in_stock, pay
from tests.paying import Till
from tests.statements.files import Movement, camt

pytestmark = pytest.mark.django_db


def waiting(till: Till, *, days: int, **purchase) -> Order:
    """One that waits for its transfer since so many days."""
    order = till.order(payment="bank_transfer", **purchase)
    with own_scope():
        Order.objects.filter(pk=order.pk).update(date_placed=F("date_placed") - timedelta(days=days))
    return order


def told(order: Order) -> list[str]:
    with own_scope():
        events = OutboxEvent.objects.filter(subject_id=str(order.pk), subject_type="order.order").order_by("pk")
        return [event.kind for event in events.exclude(kind="order.placed")]


def test_an_order_waits_fourteen_days_for_its_transfer_and_is_reminded_of_once(till):
    order = waiting(till, days=7)
    poll()
    assert told(order) == []

    with own_scope():
        Order.objects.update(date_placed=F("date_placed") - timedelta(days=1))
        rows = dict(instructions_for(Order.objects.get()).rows)
    poll()
    poll()
    drain_all()

    assert rows["Please pay by"] == date_format(timezone.localdate() + timedelta(days=6), "DATE_FORMAT")
    assert told(order) == ["payment.reminded"]
    with own_scope():
        reminder = Message.objects.get(kind="payment_reminder")
        assert order.number in reminder.subject
    assert till.status(order) == OrderStatus.AWAITING_PAYMENT


def test_after_its_last_day_it_is_cancelled_and_its_stock_is_free(till):
    last_day, late = waiting(till, days=14), waiting(till, days=15)

    poll()
    drain_all()

    assert [till.status(order) for order in (last_day, late)] == [OrderStatus.AWAITING_PAYMENT, OrderStatus.CANCELLED]
    with own_scope():
        assert (in_stock(late), in_stock(last_day)) == ([(10, 0)], [(10, 1)])
        entry = AuditEntry.objects.get(action="order.moved", target_id=str(late.pk))
        assert (entry.details["reason"], entry.actor_label) == ("not paid in time", "")
        assert Message.objects.filter(kind="order_cancelled").count() == 1
    assert "order.cancelled" in told(late)


def test_each_store_says_how_many_days_and_keeps_its_word_when_it_offers_transfers_no_more(till):
    order = waiting(till, days=4)
    with own_scope():
        details = till.store.payment_methods.get(code="bank_transfer").details
        offer_method(till.store, "bank_transfer", details={**details, "days_to_pay": 3})
        withdraw_method(till.store, "bank_transfer")

    poll()

    assert till.status(order) == OrderStatus.CANCELLED


def test_what_is_paid_in_part_or_was_just_released_is_left_to_staff(till):
    partly, released, held = (waiting(till, days=99) for _ in range(3))
    with own_scope():
        pay(partly, Decimal(1))
        for order in (released, held):
            hold_order(order, by=None)
        release_order(released, by=None)

    poll()

    statuses = [till.status(order) for order in (partly, released, held)]
    assert statuses == [OrderStatus.AWAITING_PAYMENT, OrderStatus.AWAITING_PAYMENT, OrderStatus.HELD]


def test_what_a_gift_card_paid_of_it_is_on_the_card_again(till):
    with own_scope():
        offer_method(till.store, "gift_card", details={})
        card, _code = issue_gift_card(Decimal(5), currency="GBP", by=None)
    order = waiting(till, days=15, credit=Wish(gift_cards=(card.pk,)))

    poll()
    drain_all()

    assert till.status(order) == OrderStatus.CANCELLED
    with own_scope():
        assert card_balance(card) == 5


def test_a_transfer_that_comes_too_late_waits_among_the_open_entries(till):
    order = waiting(till, days=15)
    poll()

    with own_scope():
        receive(camt(Movement("15.00", order.number)), name="statement.xml", by=None)
        (entry,) = BankEntry.objects.to_look_at().with_matches()
        assert findings([entry])[entry.pk].fit == Fit.CANCELLED
        match_entry(entry, order, Decimal(15), by=None)

    with own_scope():
        assert balance_of(Order.objects.get(pk=order.pk)).excess == 15
    assert till.status(order) == OrderStatus.CANCELLED


def test_a_stranger_ends_no_order_of_another_merchant(till, lumen):
    order = waiting(till, days=99)

    with remembered_merchant(lumen.pk):
        poll()

    assert till.status(order) == OrderStatus.AWAITING_PAYMENT

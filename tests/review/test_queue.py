"""Orders that a rule holds, and what staff make of them."""

from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.urls import reverse

from shop.audit.models import AuditEntry
from shop.order.statuses import OrderStatus
from shop.outbox.models import OutboxEvent
from shop.partner.models import StockRecord
from shop.payments.actions import grant_invoice
from shop.payments.gateways import calls
from shop.payments.gateways.polling import poll
from shop.review import actions
from shop.review.errors import AlreadyDecided
from shop.review.models import ListEntry, OrderReview, ReviewState, StoreRule
from shop.stores.scope import own_scope
from tests.paying import PLAIN, RISKY, open_till
from tests.trade import a_buyer

pytestmark = pytest.mark.django_db


def held(till, number=RISKY):
    payment = till.paid(number=number)
    calls.look(payment)
    with own_scope():
        return OrderReview.objects.select_related("order").get(order=payment.order)


def test_a_risky_payment_holds_its_order_and_others_are_told(till):
    review = held(till)

    assert till.status(review.order) == OrderStatus.HELD
    assert till.ledger(review.order) == [("capture", "15.00")]
    assert [code for code, _ in review.findings] == ["score"]
    with own_scope():
        assert OutboxEvent.objects.filter(kind="order.held").count() == 1


def test_an_ordinary_payment_is_paid_and_nobody_looks_at_it(till):
    payment = till.paid(number=PLAIN)

    calls.look(payment)

    assert till.status(payment.order) == OrderStatus.PAID
    with own_scope():
        assert OrderReview.objects.count() == 0


def test_what_was_released_goes_on_and_is_not_held_again(till):
    review = held(till)
    _client, person = till.staff("orders")

    with own_scope():
        actions.release(review, by=person, reason="I rang them.")
    calls.look(till.payment(review.order))

    assert till.status(review.order) == OrderStatus.PAID
    with own_scope():
        review.refresh_from_db()
        assert (review.state, review.decided_by, review.reason) == (ReviewState.RELEASED, person, "I rang them.")
        assert AuditEntry.objects.filter(action="review.released").count() == 1


def test_what_is_cancelled_gives_back_stock_and_money(till):
    review = held(till)
    _client, person = till.staff("orders")

    with own_scope():
        actions.cancel(review, by=person, reason="Stolen card.")
    poll()

    assert till.status(review.order) == OrderStatus.CANCELLED
    assert till.ledger(review.order) == [("capture", "15.00"), ("refund", "15.00")]
    with own_scope():
        assert StockRecord.objects.get(pk=review.order.lines.get().stockrecord_id).num_allocated == 0


def test_two_who_decide_at_once_decide_once(till):
    review = held(till)
    _client, person = till.staff("orders")
    with own_scope():
        actions.release(review, by=person, reason="Fine.")

    with own_scope(), pytest.raises(AlreadyDecided):
        actions.cancel(review, by=person, reason="Not fine.")

    assert till.status(review.order) == OrderStatus.PAID


def test_one_card_for_one_order_after_the_other_is_held(till):
    with own_scope():
        StoreRule.objects.create(store=till.store, code="velocity", options={"email": 9, "network": 9, "card": 2})

    statuses = []
    for _ in range(3):
        payment = till.paid(number=PLAIN)
        calls.look(payment)
        statuses.append(till.status(payment.order))

    assert statuses == [OrderStatus.PAID, OrderStatus.HELD, OrderStatus.HELD]


def test_who_is_on_the_block_list_is_held_on_invoice_too_and_the_other_list_wins(till):
    with own_scope():
        ListEntry.objects.create(store=till.store, kind="domain", value="evil.example")
        ListEntry.objects.create(store=till.store, kind="email", value="good@evil.example", verdict="allow")
        bad, good = a_buyer("bad@evil.example"), a_buyer("good@evil.example")
        for buyer in (bad, good):
            grant_invoice(buyer)

    first, second = till.order(buyer=bad, payment="invoice"), till.order(buyer=good, payment="invoice")

    assert (till.status(first), till.status(second)) == (OrderStatus.HELD, OrderStatus.PENDING)


def test_a_list_has_each_entry_once(till):
    with own_scope():
        ListEntry.objects.create(store=till.store, kind="email", value="bad@evil.example")

    with own_scope(), pytest.raises(IntegrityError):
        ListEntry.objects.create(store=till.store, kind="email", value="bad@evil.example")


def test_staff_see_the_queue_and_release_with_a_reason(till):
    review = held(till)
    client, _person = till.staff("orders")

    queue = client.get(reverse("dashboard:review-list")).content.decode()
    assert review.order.number in queue
    page = client.get(reverse("dashboard:review", args=[review.pk])).content.decode()
    assert "80" in page
    client.post(reverse("dashboard:review-release", args=[review.pk]), {"reason": ""})
    assert till.status(review.order) == OrderStatus.HELD
    client.post(reverse("dashboard:review-release", args=[review.pk]), {"reason": "I rang them."})

    assert till.status(review.order) == OrderStatus.PAID


def test_staff_set_a_rule_and_put_a_network_on_the_list(till):
    client, _person = till.staff("orders")
    store = till.store.pk

    client.post(reverse("dashboard:review-rule", args=[store, "amount"]), {"is_on": "on", "most": "12.50"})
    client.post(
        reverse("dashboard:review-entry", args=[store]),
        {"kind": "network", "value": "192.0.2.9/24", "verdict": "block", "note": ""},
    )
    refused = client.post(
        reverse("dashboard:review-entry", args=[store]),
        {"kind": "network", "value": "nowhere", "verdict": "block", "note": ""},
    )

    assert refused.status_code == 200
    with own_scope():
        assert [entry.value for entry in ListEntry.objects.all()] == ["192.0.2.0/24"]
        assert actions.options_of(store)["amount"] == {"most": Decimal("12.50")}
    page = client.get(reverse("dashboard:review-rules")).content.decode()
    assert "192.0.2.0/24" in page
    review = held(till, PLAIN)
    assert [code for code, _ in review.findings] == ["amount"]


def test_a_stranger_finds_no_review_of_another_merchant(till, lumen, gateway):
    review = held(till)
    theirs, _person = open_till(lumen, gateway).staff("owner")

    assert theirs.get(reverse("dashboard:review", args=[review.pk])).status_code == 404
    answer = theirs.post(reverse("dashboard:review-release", args=[review.pk]), {"reason": "Mine."})
    assert answer.status_code == 404
    assert theirs.post(reverse("dashboard:review-rule", args=[till.store.pk, "amount"]), {}).status_code == 404

    assert till.status(review.order) == OrderStatus.HELD

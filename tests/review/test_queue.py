"""Orders that a rule holds, and what staff make of them."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db import IntegrityError
from django.db.models import F
from django.urls import reverse

from shop.audit.models import AuditEntry
from shop.fulfilment.actions.shipping import Parcel, deliver, ship_all, ship_parts
from shop.fulfilment.errors import NotToBeShipped
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.draining import drain_all
from shop.outbox.models import OutboxEvent
from shop.partner.models import StockRecord
from shop.payments.actions import grant_invoice, offer_method
from shop.payments.gateways import calls
from shop.payments.gateways.polling import poll
from shop.review import actions
from shop.review.errors import AlreadyDecided, MoreFound, ReasonMissing
from shop.review.models import ListEntry, OrderReview, ReviewState, StoreRule
from shop.review.signals import signals_of
from shop.stores.scope import own_scope
from tests.business import a_company
from tests.fulfilment.orders import part_of, pay, state_of
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


def test_a_transfer_is_judged_when_it_arrives_by_all_orders_of_an_hour(till):
    with own_scope():
        StoreRule.objects.create(store=till.store, code="velocity", options={"email": 2, "network": 9, "card": 9})
    first, second = (till.order(payment="bank_transfer") for _ in range(2))
    assert till.status(second) == OrderStatus.AWAITING_PAYMENT

    with own_scope():
        Order.objects.filter(pk=first.pk).update(date_placed=F("date_placed") - timedelta(minutes=61))
        pay(first)
        Order.objects.filter(pk=first.pk).update(date_placed=F("date_placed") + timedelta(minutes=2))
        pay(second)

    assert [till.status(order) for order in (first, second)] == [OrderStatus.PAID, OrderStatus.HELD]
    with own_scope():
        assert OrderReview.objects.get().findings == [
            ["velocity", "2 orders within an hour by the same e-mail address."]
        ]


def test_a_large_order_in_cash_is_held_and_a_company_may_order_all_day(till):
    with own_scope():
        StoreRule.objects.create(store=till.store, code="amount", options={"most": "20"})
        StoreRule.objects.create(store=till.store, code="velocity", options={"email": 2, "network": 9, "card": 9})
        offer_method(till.store, "cash_on_delivery", details={})
    small, large = till.order(payment="cash_on_delivery"), till.order(quantity=2, payment="cash_on_delivery")
    with own_scope():
        Order.objects.filter(pk=small.pk).update(company=a_company("Harbour Café"))
        assert signals_of(Order.objects.get(pk=small.pk)).attempts["email"] == 0
        assert signals_of(Order.objects.get(pk=large.pk)).attempts["email"] == 2

    assert [till.status(order) for order in (small, large)] == [OrderStatus.PENDING, OrderStatus.HELD]


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
    release = reverse("dashboard:review-release", args=[review.pk])
    client.post(release, {"reason": "", "seen": review.seen})
    client.post(release, {"reason": "I rang them."})
    assert till.status(review.order) == OrderStatus.HELD
    client.post(release, {"reason": "I rang them.", "seen": review.seen})

    assert till.status(review.order) == OrderStatus.PAID


def test_who_has_not_seen_a_dispute_releases_nothing(till):
    review = held(till)
    client, _person = till.staff("orders")
    page = client.get(reverse("dashboard:review", args=[review.pk]))
    seen = page.context["decision_form"]["seen"].value()
    payment = till.payment(review.order)
    till.gateway.dispute(payment.reference)
    calls.look(payment)

    data = {"reason": "The score is fine.", "seen": seen}
    answer = client.post(reverse("dashboard:review-release", args=[review.pk]), data, follow=True)

    assert "Something was found about this order that you have not seen." in answer.content.decode()
    assert till.status(review.order) == OrderStatus.HELD
    client.post(reverse("dashboard:review-release", args=[review.pk]), data | {"seen": f"{review.pk}:2"})
    assert till.status(review.order) == OrderStatus.PAID


def test_who_has_not_seen_a_dispute_releases_nothing_on_the_order_page_either(till):
    review = held(till)
    client, _person = till.staff("orders")
    page, move = (reverse(f"dashboard:order-{name}", args=[review.order.number]) for name in ("detail", "move"))
    shown = client.get(page)
    assert review.findings[0][1] in unescape(shown.content.decode())
    data = {"action": "release", "reason": "The score is fine.", "seen": shown.context["review"].seen}
    till.gateway.dispute(till.payment(review.order).reference)
    calls.look(till.payment(review.order))

    for unseen in (data, data | {"seen": ""}):
        client.post(move, unseen)

    assert till.status(review.order) == OrderStatus.HELD
    shown = client.get(page)
    assert "The buyer's bank disputes £15.00." in unescape(shown.content.decode())
    client.post(move, data | {"seen": shown.context["review"].seen})
    assert till.status(review.order) == OrderStatus.PAID


def test_of_many_orders_those_are_released_whose_findings_were_shown(till):
    seen, changed, client = held(till), held(till), till.staff("orders")[0]
    bulk, orders = reverse("dashboard:order-bulk"), [review.order for review in (seen, changed)]
    data = {"action": "release", "order": [order.pk for order in orders], "reason": "I rang them."}

    client.post(bulk, data | {"confirmed": "yes"})
    assert [till.status(order) for order in orders] == [OrderStatus.HELD] * 2
    asked = unescape(client.post(bulk, data).content.decode())
    for review in (seen, changed):
        assert review.findings[0][1] in asked
    shown = dict(re.findall(r'name="(seen-\d+)" value="([\d:]+)"', asked))
    till.gateway.dispute(till.payment(changed.order).reference)
    calls.look(till.payment(changed.order))
    done = client.post(bulk, data | shown | {"confirmed": "yes"}).content.decode()

    assert done.count("Something was found about this order that you have not seen.") == 1
    assert [till.status(order) for order in orders] == [OrderStatus.PAID, OrderStatus.HELD]


def test_what_was_seen_of_an_earlier_review_releases_no_later_one(till):
    first, (_client, person) = held(till), till.staff("orders")
    with own_scope():
        actions.release(first, by=person, reason="Fine.")
        later = actions.hold(first.order, by=person, reason="Not so fine.")
        assert len(later.findings) == len(first.findings)

    with own_scope(), pytest.raises(MoreFound):
        actions.release_held(first.order, by=person, reason="Fine.", seen=first.seen)

    assert till.status(first.order) == OrderStatus.HELD


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


def sent(order):
    with own_scope():
        ship_all(order, by=None)


def test_a_disputed_order_is_not_sent_until_the_dispute_is_won(till):
    payment = till.paid()
    calls.look(payment)

    till.gateway.dispute(payment.reference)
    calls.look(payment)
    calls.look(payment)

    assert till.status(payment.order) == OrderStatus.HELD
    with own_scope():
        assert OrderReview.objects.get().findings == [["dispute", "The buyer's bank disputes £15.00."]]
        assert OrderReview.objects.get().held_by is None
    with pytest.raises(NotToBeShipped, match="“Held for review” can't be sent"):
        sent(payment.order)
    till.gateway.close_dispute(payment.reference, won=True)
    calls.look(payment)
    with own_scope():
        assert OrderReview.objects.get().state == ReviewState.RELEASED
    sent(payment.order)
    assert till.status(payment.order) == OrderStatus.SHIPPED


def test_a_dispute_that_is_lost_holds_what_was_released_until_somebody_decides_again(till):
    payment = till.paid()
    calls.look(payment)
    _client, person = till.staff("orders")
    till.gateway.dispute(payment.reference)
    calls.look(payment)
    with own_scope():
        actions.release(OrderReview.objects.get(), by=person, reason="A mistake of theirs.")
    calls.look(payment)
    assert till.status(payment.order) == OrderStatus.PAID

    till.gateway.close_dispute(payment.reference, won=False)
    calls.look(payment)

    assert till.status(payment.order) == OrderStatus.HELD
    with own_scope():
        review = OrderReview.objects.get(state=ReviewState.WAITING)
        assert review.findings == [["dispute", "A dispute was lost: £15.00 went back to the buyer."]]
        actions.cancel(review, by=person, reason="Not paid.")
    assert till.status(payment.order) == OrderStatus.CANCELLED


def test_what_a_rule_holds_too_waits_when_its_dispute_is_won(till):
    review = held(till)
    payment = till.payment(review.order)

    till.gateway.dispute(payment.reference)
    calls.look(payment)
    till.gateway.close_dispute(payment.reference, won=True)
    calls.look(payment)

    with own_scope():
        assert [code for code, _ in OrderReview.objects.get().findings] == ["score", "dispute"]
    assert till.status(review.order) == OrderStatus.HELD


def test_of_a_partly_sent_order_that_is_disputed_the_rest_stays(till):
    payment = till.paid(till.order(quantity=3))
    calls.look(payment)
    order, _staff = payment.order, till.staff("orders")
    with own_scope():
        ship_parts(order, part_of(order.lines.get(), 1), Parcel(), by=None)

    till.gateway.dispute(payment.reference)
    calls.look(payment)

    with own_scope():
        assert state_of(order) == (OrderStatus.HELD, [(2, 1, 0)])
        deliver(order.shipments.get(), by=None)
        assert state_of(order) == (OrderStatus.HELD, [(2, 1, 0)])
        actions.cancel(OrderReview.objects.get(), by=_staff[1], reason="Stolen card.")
        assert state_of(order) == (OrderStatus.COMPLETE, [(0, 1, 2)])
    drain_all()
    with own_scope():
        assert OrderReview.objects.get().state == ReviewState.CANCELLED


def test_who_holds_by_hand_says_why_and_may_do_so_again(till):
    order, (_client, person) = till.order(payment="bank_transfer"), till.staff("orders")
    with own_scope(), pytest.raises(ReasonMissing):
        actions.hold(order, by=person, reason=" ")
    assert till.status(order) == OrderStatus.AWAITING_PAYMENT

    with own_scope():
        for _ in range(2):
            actions.hold(order, by=person, reason="Odd name.")
        actions.hold(order, by=None, reason="And an odd address.")
        actions.release_held(order, by=person, reason="I rang them.")
        actions.hold(order, by=person, reason="They hung up.")

    with own_scope():
        first, second = OrderReview.objects.all()
        assert first.findings == [["staff", "Odd name."], ["staff", "And an odd address."]]
        assert (first.held_by, first.state, first.reason) == (person, ReviewState.RELEASED, "I rang them.")
        assert (second.findings, second.state) == ([["staff", "They hung up."]], ReviewState.WAITING)
        with pytest.raises(AlreadyDecided):
            actions.release(first, by=person, reason="Late.")
    assert till.status(order) == OrderStatus.HELD


def test_a_stranger_finds_no_review_of_another_merchant(till, lumen, gateway):
    review = held(till)
    theirs, _person = open_till(lumen, gateway).staff("owner")

    assert theirs.get(reverse("dashboard:review", args=[review.pk])).status_code == 404
    answer = theirs.post(reverse("dashboard:review-release", args=[review.pk]), {"reason": "Mine."})
    assert answer.status_code == 404
    assert theirs.post(reverse("dashboard:review-rule", args=[till.store.pk, "amount"]), {}).status_code == 404

    assert till.status(review.order) == OrderStatus.HELD

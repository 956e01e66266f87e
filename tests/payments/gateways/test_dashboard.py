"""Staff's pages of payments and webhooks."""

import pytest
from django.urls import reverse

from shop.order.statuses import OrderStatus
from shop.payments.gateways import calls
from shop.payments.gateways.models import GatewayCall
from shop.stores.scope import own_scope
from shop.webhooks.models import ReceivedWebhook
from tests.paying import open_till

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(till):
    client, _person = till.staff("orders")
    return client


def test_a_refund_is_noted_by_the_page_and_made_after_its_commit(till, staff, django_capture_on_commit_callbacks):
    payment = till.paid()
    calls.look(payment)
    page = staff.get(reverse("dashboard:gateway-payment", args=[payment.pk])).content.decode()
    assert 'min="0.01" value=""' in page  # nothing is due back, so nothing is proposed

    with django_capture_on_commit_callbacks() as callbacks:
        data = {"amount": "4.00", "before": "0.00"}
        answer = staff.post(reverse("dashboard:gateway-payment-refund", args=[payment.pk]), data, follow=True)
    assert "The gateway was asked. What it answered stands below." in answer.content.decode()
    assert till.ledger(payment.order) == [("capture", "15.00")]
    for callback in callbacks:
        callback()

    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "4.00")]


def test_a_page_that_was_left_open_refunds_nothing_again(till, staff, django_capture_on_commit_callbacks):
    payment = till.paid()
    calls.look(payment)
    address = reverse("dashboard:gateway-payment-refund", args=[payment.pk])

    for _click in range(2):
        with django_capture_on_commit_callbacks() as callbacks:
            page = staff.post(address, {"amount": "4.00", "before": "0.00"}, follow=True)
        for callback in callbacks:
            callback()

    assert "That was done before." in page.content.decode()
    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "4.00")]


def test_another_amount_is_another_refund_though_it_begins_alike(till, staff, django_capture_on_commit_callbacks):
    payment = till.paid()
    calls.look(payment)
    address = reverse("dashboard:gateway-payment-refund", args=[payment.pk])
    with django_capture_on_commit_callbacks() as callbacks:
        staff.post(address, {"amount": "10", "before": "0.00"})
    callbacks[0]()

    page = staff.post(address, {"amount": "1", "before": "0.00"}, follow=True).content.decode()

    assert "Something was given back meanwhile. Please look again." in page
    assert till.ledger(payment.order) == [("capture", "15.00"), ("refund", "10.00")]


def test_more_than_is_left_and_what_is_stale_is_refused_in_words(till, staff):
    payment = till.paid()
    calls.look(payment)
    address = reverse("dashboard:gateway-payment-refund", args=[payment.pk])

    for data in ({"amount": "15.01", "before": "0.00"}, {"amount": "1.00", "before": "3.00"}, {"amount": "-1"}, {}):
        staff.post(address, data)

    with own_scope():
        assert GatewayCall.objects.filter(verb="refund").count() == 0


def test_a_webhook_that_waited_is_applied_by_staff(till, staff):
    payment = till.paid()
    (paid,) = till.webhooks(payment)
    till.tell(paid)
    with own_scope():
        webhook = ReceivedWebhook.objects.get()

    listed = staff.get(reverse("dashboard:webhook-list")).content.decode()
    shown = staff.get(reverse("dashboard:webhook", args=[webhook.pk])).content.decode()
    staff.post(reverse("dashboard:webhook-replay", args=[webhook.pk]))

    assert "payment.succeeded" in listed
    assert webhook.event_id in shown
    assert f'href="{reverse("dashboard:gateway-payment", args=[payment.pk])}"' in shown
    assert f'href="{reverse("dashboard:order-detail", args=[payment.order.number])}"' in shown
    assert till.ledger(payment.order) == [("capture", "15.00")]
    assert till.status(payment.order) == OrderStatus.PAID
    with own_scope():
        webhook.refresh_from_db()
        assert (webhook.state, webhook.attempts) == ("applied", 2)


def test_support_sees_none_of_it(till):
    payment = till.begun()
    support, _person = till.staff("support")

    assert support.get(reverse("dashboard:gateway-payment", args=[payment.pk])).status_code == 403
    assert support.get(reverse("dashboard:webhook-list")).status_code == 403


def test_a_stranger_finds_no_payment_and_no_webhook_of_another_merchant(till, lumen, gateway):
    payment = till.paid()
    (paid,) = till.webhooks(payment)
    till.tell(paid)
    theirs, _person = open_till(lumen, gateway).staff("owner")
    with own_scope():
        webhook = ReceivedWebhook.objects.get()

    assert theirs.get(reverse("dashboard:gateway-payment", args=[payment.pk])).status_code == 404
    assert (
        theirs.post(reverse("dashboard:gateway-payment-refund", args=[payment.pk]), {"amount": "1"}).status_code == 404
    )
    assert theirs.get(reverse("dashboard:webhook", args=[webhook.pk])).status_code == 404
    assert theirs.post(reverse("dashboard:webhook-replay", args=[webhook.pk])).status_code == 404
    assert till.ledger(payment.order) == [("capture", "15.00")]

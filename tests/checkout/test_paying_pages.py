"""What a buyer sees of their payment: when they have ordered, on the order's page, and where it is to be paid."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from shop.audit.models import AuditEntry
from shop.checkout.views import PLACED
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.actions import note_transaction, offer_method
from shop.payments.gateways import calls
from shop.payments.gateways.contract import PaymentStatus
from shop.payments.gateways.models import GatewayPayment
from shop.payments.gateways.polling import poll
from shop.payments.kinds import TransactionKind
from shop.payments.offers import payment_page
from shop.stores.scope import merchant_scope, own_scope
from tests.paying import DECLINED, open_till

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer(till):
    return Client(headers={"host": till.store.site.hostname})


def thanks(till, buyer, order):
    with own_scope():
        session = buyer.session
        session[PLACED] = order.pk
        session.save()
    return unescape(buyer.get(reverse("checkout:thank-you")).content.decode())


def own_page(till, buyer, order):
    """A guest's."""
    address = reverse("customer:anon-order", args=[order.number, order.verification_hash()])
    with own_scope():
        session = buyer.session
        session["anon_order_email"] = order.guest_email
        session.save()
    return unescape(buyer.get(address).content.decode())


def both(till, buyer, order):
    with own_scope():
        order = Order.objects.get(pk=order.pk)
    return [show(till, buyer, order) for show in (thanks, own_page)]


def test_who_has_paid_reads_that_it_is_paid(till, buyer):
    payment = till.paid()
    for page in both(till, buyer, payment.order):
        assert "Pay now" in page
        assert "Paid: £15.00" not in page

    calls.look(payment)

    for page in both(till, buyer, payment.order):
        assert "Paid: £15.00" in page
        assert "Pay now" not in page


def test_who_pays_later_reads_how_much_is_left_and_until_when(till, buyer):
    order = till.order()
    with own_scope():
        note_transaction(order, TransactionKind.CAPTURE, Decimal(4), method="gift_card", key="card")
    until = date_format(timezone.localtime(order.date_placed + timedelta(hours=1)), "DATETIME_FORMAT")

    for page in both(till, buyer, order):
        told = dict(re.findall("<dt>(.+?)</dt><dd>(.+?)</dd>", page.split("How to pay")[1].split("</dl>")[0]))
        assert told == {"Amount": "£11.00", "Paid already": "£4.00", "Please pay by": until}
    assert "Of £15.00, £4.00 is paid already." in unescape(buyer.get(payment_page(order)).content.decode())


def test_an_order_that_is_kept_for_longer_names_no_moment_that_is_over(till, buyer):
    order = till.order()
    with own_scope():
        Order.objects.update(date_placed=timezone.now() - timedelta(hours=2))

    for page in both(till, buyer, order):
        assert "Pay now" in page
        assert "Please pay by" not in page
    assert "is paid already" not in buyer.get(payment_page(order)).content.decode()


def test_while_a_payment_is_in_progress_nobody_is_asked_to_pay(till, buyer):
    payment = till.begun()
    with own_scope():
        GatewayPayment.objects.filter(pk=payment.pk).update(status=PaymentStatus.PROCESSING)

    for page in both(till, buyer, payment.order):
        assert "Your payment is in progress." in page
        assert "Pay now" not in page


def test_what_is_authorised_is_said_to_be_charged_when_it_is_sent(till, buyer):
    order = till.order()
    with own_scope():
        note_transaction(order, TransactionKind.AUTHORISE, Decimal(15), method="test_gateway", key="set aside")

    for page in both(till, buyer, order):
        assert "Authorised: £15.00. It is charged when we send your order." in page
        assert "Pay now" not in page


def test_what_was_given_back_in_kindness_leaves_the_order_paid(till, buyer):
    payment = till.paid()
    calls.look(payment)
    client, _person = till.staff("orders")

    calls.refund(payment, Decimal("3.00"), refunded_before=Decimal(0))

    page = own_page(till, buyer, payment.order)
    assert "Paid: £15.00" in page
    assert "We have paid £3.00 back to you." in page
    assert "Pay now" not in page
    listed = client.get("/dashboard/orders/", {"payment": "partly-refunded"}).content.decode()
    assert payment.order.number in listed
    assert "Refunded in part" in listed
    assert payment.order.number not in client.get("/dashboard/orders/", {"payment": "partly"}).content.decode()


def test_who_is_declined_may_pay_by_transfer_and_the_order_waits_for_that(till, buyer):
    payment = till.paid(number=DECLINED)
    page = payment_page(payment.order)
    assert "Pay another way" not in buyer.get(page).content.decode()
    calls.look(payment)

    assert "Bank transfer" in buyer.get(page).content.decode()
    assert "Invoice" not in buyer.get(page).content.decode()
    answer = buyer.post(page, {"otherwise": "bank_transfer"})

    assert answer["Location"] == reverse(
        "customer:anon-order", args=[payment.order.number, payment.order.verification_hash()]
    )
    assert payment.order.number in own_page(till, buyer, payment.order)
    assert "Payment reference" in own_page(till, buyer, payment.order)
    with own_scope():
        entry = AuditEntry.objects.get(action="order.pays_otherwise")
        assert (entry.details["before"], entry.details["after"]) == ("test_gateway", "bank_transfer")
        GatewayPayment.objects.update(started_at=F("started_at") - timedelta(hours=2))
        Order.objects.update(date_placed=timezone.now() - timedelta(hours=2))
    poll()
    assert till.status(payment.order) == OrderStatus.AWAITING_PAYMENT
    assert till.payment(payment.order).status == PaymentStatus.CANCELLED


def test_who_is_declined_may_pay_at_another_gateway(till, buyer):
    with own_scope():
        offer_method(till.store, "paypal", details={})
    payment = till.paid(number=DECLINED)
    calls.look(payment)

    answer = buyer.post(payment_page(payment.order), {"otherwise": "paypal"})

    assert answer["Location"] == payment_page(payment.order)
    assert "PayPal" in buyer.get(payment_page(payment.order)).content.decode()


@pytest.mark.parametrize("code", ["invoice", "gift_card", "stripe", "nonsense"])
def test_nobody_pays_by_what_the_store_does_not_offer_them(till, buyer, code):
    payment = till.begun()

    assert buyer.post(payment_page(payment.order), {"otherwise": code}).status_code == 404

    with own_scope():
        assert payment.order.sources.get().source_type.code == "test_gateway"


def test_a_payment_in_progress_is_not_paid_once_more_another_way(till, buyer):
    payment = till.begun()
    with own_scope():
        GatewayPayment.objects.filter(pk=payment.pk).update(status=PaymentStatus.PROCESSING)

    buyer.post(payment_page(payment.order), {"otherwise": "bank_transfer"})

    with own_scope():
        assert payment.order.sources.get().source_type.code == "test_gateway"


def test_a_stranger_does_not_change_how_an_order_is_paid(till, lumen, gateway):
    payment = till.begun()
    theirs = open_till(lumen, gateway).store
    with merchant_scope(lumen.pk):
        client = Client(headers={"host": theirs.site.hostname})

    assert client.post(payment_page(payment.order), {"otherwise": "bank_transfer"}).status_code == 404

    with own_scope():
        assert payment.order.sources.get().source_type.code == "test_gateway"

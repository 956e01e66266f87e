"""A buyer, or a guest by the link of the letter, follows an order and cancels it while nobody works on it."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from shop.companies.roles import MemberRole
from shop.fulfilment.actions.cancelling import cancel_order, cancel_own, cancel_parts
from shop.fulfilment.actions.reviewing import hold_order, release_order, start_order
from shop.fulfilment.actions.shipping import Parcel, deliver, ship_parts
from shop.fulfilment.errors import NotYours
from shop.fulfilment.parts import all_open
from shop.fulfilment.progress import NEXT, progress_of, why_not_cancel
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.actions import note_transaction
from shop.payments.kinds import TransactionKind
from tests.business import a_company, a_member
from tests.checkout.shopper import Shopper
from tests.fulfilment.orders import a_placed_order, in_stock, part_of, pay, placed_on_invoice, state_of
from tests.queries import counted_queries
from tests.trade import a_buyer, open_for_trade

pytestmark = pytest.mark.django_db


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


@pytest.fixture
def buyer(store):
    return a_buyer()


def page_of(order, shopper) -> str:
    answer = shopper.get("customer:order", kwargs={"order_number": order.number})
    return re.sub(r"\s+", " ", unescape(answer.content.decode()))


def cancel(order, shopper):
    return shopper.post("customer:order", {"action": "cancel"}, kwargs={"order_number": order.number})


def guest_link(order):
    return {"args": [order.number, order.verification_hash()]}


def a_company_order(store, buyer, company) -> Order:
    order = a_placed_order(store, buyer=buyer)
    Order.objects.filter(pk=order.pk).update(company=company, unit=company.units.get())
    return Order.objects.get(pk=order.pk)


def test_every_state_says_what_comes_next():
    assert set(NEXT) == set(OrderStatus)


def test_a_buyer_reads_what_comes_next_and_where_the_parcels_are(store, buyer):
    order, shopper = placed_on_invoice(store, ("Cup", 3), ("Plate", 1), buyer=buyer), Shopper(store, signed_in_as=buyer)
    assert "We have received your order and pack it soon." in page_of(order, shopper)

    by_post = Parcel("Royal Mail", "RM1", "https://track.example/RM1")
    parcel = ship_parts(order, part_of(order.lines.first(), 2), by_post, by=None)
    page = page_of(order, shopper)
    assert "A part of your order is on its way; the rest follows." in page
    assert "Royal Mail · tracking number RM1" in page
    assert 'href="https://track.example/RM1"' in page
    assert "2 × Cup" in page
    assert "Leeds" not in page
    cancel_parts(order, all_open(order.lines.all()), by=None)
    deliver(parcel, by=None)

    page = page_of(order, shopper)
    assert "Your order has arrived." in page
    assert "Delivered on" in page
    assert "1 cancelled" in page
    assert "A part of your order is cancelled: £" in page
    assert "Total now" in page


def test_a_buyer_reads_what_is_paid_back(store, buyer):
    order, shopper = a_placed_order(store, buyer=buyer), Shopper(store, signed_in_as=buyer)
    pay(order)
    cancel_order(order, by=None)

    assert f"We will pay £{order.total_incl_tax} back to you." in page_of(order, shopper)
    refund = {"method": "bank_transfer", "key": f"refund:{order.number}"}
    note_transaction(order, TransactionKind.REFUND, order.total_incl_tax, **refund)

    page = page_of(order, shopper)
    assert f"We have paid £{order.total_incl_tax} back to you." in page
    assert "We will pay" not in page


def test_a_buyer_is_asked_to_pay_what_is_left(store, buyer):
    order, shopper = a_placed_order(store, ("Cup", 1), ("Plate", 1), buyer=buyer), Shopper(store, signed_in_as=buyer)
    cancel_parts(order, part_of(order.lines.first(), 1), by=None)

    page = page_of(order, shopper)

    assert f"<dt>Amount</dt><dd>£{order.amount_due}</dd>" in page


def test_a_buyer_cancels_an_order_once(store, buyer):
    order, shopper = a_placed_order(store, buyer=buyer), Shopper(store, signed_in_as=buyer)
    assert "Cancel the whole order" in page_of(order, shopper)

    for _ in range(2):
        assert cancel(order, shopper).status_code == 302

    assert state_of(order) == (OrderStatus.CANCELLED, [(0, 0, 3)])
    assert in_stock(order) == [(10, 0)]
    page = page_of(order, shopper)
    assert "Your order is cancelled." in page
    assert "Cancel the whole order" not in page


def test_a_guest_cancels_an_order_by_the_link_and_the_address(store):
    order, guest = a_placed_order(store), Shopper(store)
    post = {"action": "cancel"}

    guest.post("customer:anon-order", post, **guest_link(order))
    assert state_of(order)[0] == OrderStatus.AWAITING_PAYMENT
    guest.post("customer:anon-order-form", {"email": "eve@example.com"}, **guest_link(order))
    guest.post("customer:anon-order", post, **guest_link(order))
    assert state_of(order)[0] == OrderStatus.AWAITING_PAYMENT
    guest.post("customer:anon-order-form", {"email": "ada@example.com"}, **guest_link(order))
    guest.post("customer:anon-order", post, **guest_link(order))

    assert state_of(order)[0] == OrderStatus.CANCELLED
    assert "Your order is cancelled." in guest.get("customer:anon-order", **guest_link(order)).content.decode()


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (hold_order, "We are looking at your order."),
        (start_order, "We are packing your order already"),
        (lambda order, by: ship_parts(order, all_open(order.lines.all()), Parcel(), by=by), "Your order is sent"),
    ],
)
def test_what_somebody_works_on_is_not_cancelled_by_its_buyer(store, buyer, work, why):
    order, shopper = placed_on_invoice(store, buyer=buyer), Shopper(store, signed_in_as=buyer)
    work(order, by=None)
    before = state_of(order)

    page = page_of(order, shopper)
    assert why in page
    assert "Cancel the whole order" not in page
    cancel(order, shopper)

    assert state_of(order) == before
    with pytest.raises(NotYours, match=why):
        cancel_own(order, by=buyer)


def test_a_released_order_is_the_buyers_again(store, buyer):
    order = placed_on_invoice(store, buyer=buyer)
    hold_order(order, by=None)
    release_order(order, by=None)

    assert why_not_cancel(order, by=buyer) == ""


def test_a_store_may_want_to_be_written_to(store, buyer):
    store.buyers_may_cancel = False
    store.save()
    order, shopper = a_placed_order(store, buyer=buyer), Shopper(store, signed_in_as=buyer)

    assert "To cancel an order, please write to us." in page_of(order, shopper)
    cancel(order, shopper)

    assert state_of(order)[0] == OrderStatus.AWAITING_PAYMENT


def test_of_a_company_who_ordered_and_who_administers_may_cancel(store, buyer):
    company = a_company("Harbour Café")
    a_member(company, MemberRole.BUYER, user=buyer)
    others = {role: a_member(company, role).user for role in (MemberRole.ADMIN, MemberRole.APPROVER, MemberRole.VIEWER)}
    order = a_company_order(store, buyer, company)

    may = {role: why_not_cancel(order, by=person) for role, person in others.items()}

    why = "Whoever ordered it can cancel it, or an administrator of Harbour Café."
    assert may == {MemberRole.ADMIN: "", MemberRole.APPROVER: why, MemberRole.VIEWER: why}
    assert why_not_cancel(order, by=buyer) == ""
    viewer = Shopper(store, signed_in_as=others[MemberRole.VIEWER])
    assert why in page_of(order, viewer)
    cancel(order, viewer)
    assert state_of(order)[0] == OrderStatus.AWAITING_PAYMENT
    cancel(order, Shopper(store, signed_in_as=others[MemberRole.ADMIN]))
    assert state_of(order)[0] == OrderStatus.CANCELLED


def test_who_orders_for_a_company_no_more_cancels_nothing_for_it(store, buyer):
    company = a_company()
    membership = a_member(company, MemberRole.BUYER, user=buyer)
    order = a_company_order(store, buyer, company)

    membership.role = MemberRole.VIEWER
    membership.save()

    assert why_not_cancel(order, by=buyer) != ""


def test_a_german_reads_german(store, buyer):
    order = placed_on_invoice(store, buyer=buyer)
    ship_parts(order, part_of(order.lines.get(), 1), Parcel(), by=None)

    with translation.override("de"):
        progress = progress_of(order, by=buyer)

    assert progress.next == "Ein Teil Ihrer Bestellung ist unterwegs; der Rest folgt."
    assert progress.why_not_cancel.startswith("Ihre Bestellung ist versandt")


def test_a_long_order_is_folded_and_asks_as_often_as_a_short_one(store, buyer):
    shopper = Shopper(store, signed_in_as=buyer)
    few, many = (placed_on_invoice(store, *((f"Thing {n}", 2) for n in range(count)), buyer=buyer) for count in (2, 24))
    for order, times in ((few, 1), (many, 3)):
        for _ in range(times):
            ship_parts(order, part_of(order.lines.get(pk=order.lines.first().pk + _), 1), Parcel(), by=None)
    page_of(few, shopper)

    with counted_queries() as for_few:
        page_of(few, shopper)
    with counted_queries() as for_many:
        page = page_of(many, shopper)

    assert "4 more lines" in page
    assert len(for_few) == len(for_many), str(for_many)


def test_a_stranger_cancels_nothing(store, buyer, lumen):
    order = a_placed_order(store, buyer=buyer)
    stranger = Shopper(store, signed_in_as=a_buyer("eve@example.com"))

    assert cancel(order, stranger).status_code == 404
    assert Shopper(store).post("customer:anon-order", {"action": "cancel"}, **guest_link(order)).status_code == 302

    assert state_of(order)[0] == OrderStatus.AWAITING_PAYMENT
    assert reverse("customer:anon-order", **guest_link(order))

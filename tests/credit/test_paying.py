"""Orders that are paid by gift cards, store credit, and one method for the rest; and money that goes back."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.audit.models import AuditEntry
from shop.checkout import errors
from shop.checkout.actions import place_order
from shop.checkout.proposals import Proposal
from shop.credit.actions import balance_of, block_account, correct_balance, give_credit, issue_gift_card
from shop.credit.models import CreditAccount, CreditEntry
from shop.credit.spending import Wish, card_coded
from shop.fulfilment.actions.cancelling import cancel_order, cancel_parts
from shop.fulfilment.parts import Part
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.draining import drain_all
from shop.outbox.models import OutboxEvent
from shop.payments.actions import note_transaction, offer_method, withdraw_method
from shop.payments.errors import OverRefund
from shop.payments.kinds import TransactionKind as Kind
from shop.payments.ledger import balance_of as money_of
from shop.payments.offers import instructions_for
from shop.payments.refunds import refund, refundable, shares
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.trade import a_basket, a_buyer, a_purchase, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def store(aurora_store):
    """Takes gift cards and store credit too."""
    open_for_trade(aurora_store)
    for code in ("gift_card", "store_credit", "cash_on_delivery"):
        offer_method(aurora_store, code, details={})
    return aurora_store


@pytest.fixture
def card(store):
    """With 30 pounds."""
    return issue_gift_card(Decimal(30), currency="GBP", by=None)[0]


def order(store, wish, *, pounds="55", payment="bank_transfer", **fields):
    """Goods for so much; from 50 on nothing is paid for their delivery."""
    basket = a_basket(store, (a_product("Cup", store, price=pounds), 1), owner=fields.get("buyer"))
    return place_order(basket, a_purchase(store, credit=wish, payment=payment, **fields))


def captured(order):
    return {fact.method: fact.amount for fact in order.transactions.filter(kind=Kind.CAPTURE)}


def test_a_card_pays_first_and_the_method_the_rest(store, card):
    placed = order(store, Wish((card.pk,)))

    assert captured(placed) == {"gift_card": 30}
    assert (money_of(placed).paid, money_of(placed).open) == (30, 25)
    assert placed.status == OrderStatus.AWAITING_PAYMENT
    assert balance_of(card) == 0
    assert placed.sources.get().amount_allocated == 25
    assert {("Amount", "£25.00"), ("Paid already", "£30.00")} <= set(instructions_for(placed).rows)

    note_transaction(placed, Kind.CAPTURE, Decimal(25), method="bank_transfer", key="capture:1")
    assert Order.objects.get().status == OrderStatus.PAID


def test_what_credit_pays_altogether_is_paid_at_once_without_a_method(store, card):
    second = issue_gift_card(Decimal(40), currency="GBP", by=None)[0]

    placed = order(store, Wish((card.pk, second.pk)), payment="")

    assert Order.objects.get().status == OrderStatus.PAID
    assert (balance_of(card), balance_of(second)) == (0, 15)
    assert money_of(placed).is_settled
    assert not placed.sources.exists()
    kinds = list(OutboxEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["order.placed", "payment.captured", "payment.captured", "order.paid"]


def test_cards_come_before_store_credit(store, card):
    ada = a_buyer()
    credit = give_credit(ada, Decimal(50), currency="GBP", reason="late", key="1", by=None)

    placed = order(store, Wish((card.pk,), store_credit=True), payment="", buyer=ada)

    assert captured(placed) == {"gift_card": 30, "store_credit": 25}
    assert balance_of(credit) == 25


def test_of_an_order_on_invoice_only_the_rest_is_owed(store, card):
    placed = order(store, Wish((card.pk,)), payment="cash_on_delivery")

    assert placed.status == OrderStatus.PENDING
    assert money_of(placed).open == 25
    assert ("Amount", "£25.00") in instructions_for(placed).rows


def test_without_a_method_for_the_rest_nothing_is_placed(store, card):
    with pytest.raises(errors.PaymentNotOffered):
        order(store, Wish((card.pk,)), payment="")

    assert not Order.objects.exists()
    assert balance_of(card) == 30


@pytest.mark.parametrize("payment", ["gift_card", "store_credit"])
def test_credit_is_no_method_for_the_rest(store, card, payment):
    with pytest.raises(errors.PaymentNotOffered):
        order(store, Wish((card.pk,)), payment=payment)

    assert balance_of(card) == 30


def test_a_store_that_takes_no_cards_takes_none(store, card):
    withdraw_method(store, "gift_card")

    placed = order(store, Wish((card.pk,)))

    assert (captured(placed), balance_of(card)) == ({}, 30)


def test_what_was_agreed_holds_only_while_the_card_does(store, card):
    basket = a_basket(store, (a_product("Cup", store, price="55"), 1))
    purchase = a_purchase(store, credit=Wish((card.pk,)))
    agreed = Proposal(basket, purchase).fingerprint
    correct_balance(card, Decimal(-10), reason="spent", key="1", by=None)

    with pytest.raises(errors.PriceChanged):
        place_order(basket, a_purchase(store, credit=Wish((card.pk,)), agreed=agreed))

    assert not Order.objects.exists()
    assert balance_of(card) == 20


def test_money_goes_back_to_where_it_came_from(store, card):
    placed = order(store, Wish((card.pk,)))
    note_transaction(placed, Kind.CAPTURE, Decimal(25), method="bank_transfer", key="capture:1")
    assert refundable(placed) == {"gift_card": 30, "bank_transfer": 25}
    assert shares(refundable(placed), Decimal(35)) == {"bank_transfer": 25, "gift_card": 10}

    for _click in range(2):
        refund(placed, "bank_transfer", Decimal(25), key="a", by=None)
        refund(placed, "gift_card", Decimal(10), key="b", by=None)

    assert refundable(placed) == {"gift_card": 20}
    assert balance_of(card) == 10
    assert money_of(placed).paid == 20


@pytest.mark.parametrize(("days", "until"), [(-1, 90), (3, 90), (200, 200), (None, None)])
def test_what_goes_back_to_a_card_can_be_spent_however_late_it_is(store, days, until):
    today = timezone.localdate()
    card, code = issue_gift_card(Decimal(30), currency="GBP", by=None)
    placed = order(store, Wish((card.pk,)))
    CreditAccount.objects.update(expires_on=days and today + timedelta(days=days))

    refund(placed, "gift_card", Decimal(30), key="a", by=None)

    found = card_coded(code)
    assert (found.balance, found.expires_on) == (30, until and today + timedelta(days=until))
    assert AuditEntry.objects.filter(action="credit.extended").exists() == (until == 90)


def test_a_blocked_card_has_its_money_back_and_stays_blocked(store, card):
    placed = order(store, Wish((card.pk,)))
    block_account(card, by=None)

    refund(placed, "gift_card", Decimal(30), key="a", by=None)

    assert balance_of(card) == 30
    assert CreditAccount.objects.get().is_blocked


def test_all_of_a_card_goes_back_once(store, card):
    placed = order(store, Wish((card.pk,)))

    for _click in range(2):
        refund(placed, "gift_card", Decimal(30), key="a", by=None)

    assert balance_of(card) == 30
    with pytest.raises(OverRefund):
        refund(placed, "gift_card", Decimal("0.01"), key="b", by=None)


@pytest.mark.parametrize(("method", "amount"), [("gift_card", "30.01"), ("bank_transfer", "25.01"), ("cash", "1")])
def test_no_more_goes_back_by_a_method_than_it_brought(store, card, method, amount):
    placed = order(store, Wish((card.pk,)))
    note_transaction(placed, Kind.CAPTURE, Decimal(25), method="bank_transfer", key="capture:1")

    with pytest.raises(OverRefund):
        refund(placed, method, Decimal(amount), key="a", by=None)

    assert money_of(placed).paid == 55
    assert balance_of(card) == 0


def test_a_cancelled_order_fills_the_card_again(store, card):
    placed = order(store, Wish((card.pk,)))

    cancel_order(placed, by=None)
    drain_all()
    OutboxEvent.objects.get(kind="order.cancelled").deliveries.update(state="waiting", ended_at=None)
    drain_all()  # told twice

    assert balance_of(card) == 30
    assert (money_of(placed).captured, money_of(placed).refunded) == (30, 30)


def test_of_an_order_cancelled_in_part_money_goes_back_before_the_card(store, card):
    basket = a_basket(store, (a_product("Cup", store, price="60"), 2))
    placed = place_order(basket, a_purchase(store, credit=Wish((card.pk,))))
    note_transaction(placed, Kind.CAPTURE, Decimal(90), method="bank_transfer", key="capture:1")

    cancel_parts(placed, {placed.lines.get().pk: Part(1, 2)}, by=None)
    drain_all()

    assert balance_of(card) == 0  # the transfer brought enough for it: staff send it back
    assert money_of(placed).excess == 60


def test_ten_lines_by_card_and_transfer_take_no_more_statements_than_allowed(store, card):
    goods = [(a_product(f"Cup {n}", store, price="9"), 1) for n in range(10)]
    basket = a_basket(store, *goods)

    with CaptureQueriesContext(connection) as queries:
        place_order(basket, a_purchase(store, credit=Wish((card.pk,))))

    assert len(queries) <= 60


def test_another_merchants_card_pays_nothing_here(store, lumen):
    with merchant_scope(lumen.pk):
        foreign = issue_gift_card(Decimal(30), currency="GBP", by=None)[0]

    placed = order(store, Wish((foreign.pk,)))

    assert captured(placed) == {}
    with merchant_scope(lumen.pk):
        assert CreditEntry.objects.count() == 1

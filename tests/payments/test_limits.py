"""Companies pay on invoice up to their credit limit, and orders know until when they are to be paid."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from shop.audit.models import AuditEntry
from shop.checkout import errors
from shop.checkout.actions import place_order
from shop.companies.actions.companies import change_company
from shop.companies.models import Company
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.actions import grant_invoice, note_transaction
from shop.payments.kinds import TransactionKind as Kind
from shop.payments.limits import owed_by
from shop.payments.models import InvoicedOrder
from shop.payments.offers import instructions_for
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member
from tests.goods import a_product
from tests.trade import a_basket, a_buyer, a_purchase, open_for_trade

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


@pytest.fixture
def buyer(store):
    """Of a company that may owe 100 pounds, for 30 days."""
    return a_member(a_company(terms_days=30, credit_limit=Decimal(100), credit_currency="GBP"))


def order(store, member, pounds, *, payment="invoice"):
    """Goods for so much, and 5 of delivery unless they come to 50."""
    basket = a_basket(store, (a_product("Cup", store, price=str(pounds)), 1))
    return place_order(basket, a_purchase(store, buyer=member.user, membership=member, payment=payment))


def paid(order, amount, kind=Kind.CAPTURE):
    return note_transaction(order, kind, Decimal(amount), method="bank_transfer", key=f"{kind}:{order.number}:{amount}")


def test_a_company_owes_up_to_its_limit_and_not_a_penny_more(store, buyer):
    first = order(store, buyer, 60)
    with pytest.raises(errors.PaymentRefused) as refusal:
        order(store, buyer, Decimal("35.01"))

    assert str(refusal.value) == (
        "Harbour Café may owe us £40.00 more on invoice; this order comes to £40.01. Please choose another way to pay."
    )
    assert list(Order.objects.all()) == [first]
    assert order(store, buyer, 35).total_incl_tax == 40
    assert owed_by(buyer.company, "GBP") == 100


def test_what_is_refused_on_invoice_may_be_paid_otherwise(store, buyer):
    with pytest.raises(errors.PaymentRefused):
        order(store, buyer, 200)

    assert order(store, buyer, 200, payment="bank_transfer").status == OrderStatus.AWAITING_PAYMENT
    assert owed_by(buyer.company, "GBP") == 0


def test_what_is_paid_is_owed_no_more_and_what_goes_back_is_owed_again(store, buyer):
    placed = order(store, buyer, 80)

    paid(placed, 30)
    assert owed_by(buyer.company, "GBP") == 50
    paid(placed, 50)
    assert owed_by(buyer.company, "GBP") == 0
    paid(placed, 20, Kind.REFUND)
    assert owed_by(buyer.company, "GBP") == 20
    assert placed.status == OrderStatus.PENDING


def test_what_was_paid_too_much_for_one_order_pays_no_other(store, buyer):
    first, _second = order(store, buyer, 50), order(store, buyer, 50)

    paid(first, 70)

    assert owed_by(buyer.company, "GBP") == 50


@pytest.mark.parametrize("change", [{"status": OrderStatus.CANCELLED}, {"cancelled_incl_tax": Decimal(60)}])
def test_what_is_cancelled_is_owed_no_more(store, buyer, change):
    order(store, buyer, 60)

    Order.objects.update(**change)

    assert owed_by(buyer.company, "GBP") == 0


def test_a_limit_in_another_currency_lets_nothing_be_owed(store, buyer):
    Company.objects.update(credit_currency="EUR")

    with pytest.raises(errors.PaymentRefused, match="pays on invoice in EUR only"):
        order(store, buyer, 10)

    assert not Order.objects.exists()


def test_without_a_limit_a_company_owes_what_it_likes(store):
    member = a_member(a_company(terms_days=14))

    assert order(store, member, 5000).status == OrderStatus.PENDING


def test_a_limit_of_nothing_lets_nothing_be_owed(store):
    member = a_member(a_company(terms_days=14, credit_limit=Decimal(0), credit_currency="GBP"))

    with pytest.raises(errors.PaymentRefused, match=r"£0\.00 more"):
        order(store, member, 10)

    assert not Order.objects.exists()


def test_an_order_knows_until_when_it_is_to_be_paid(store, buyer):
    placed = order(store, buyer, 60)

    invoiced = InvoicedOrder.objects.get()
    assert invoiced.due_on == timezone.localdate(placed.date_placed) + timedelta(days=30)
    assert (invoiced.order, invoiced.company) == (placed, buyer.company)
    assert [name for name, _ in instructions_for(placed).rows] == ["Please pay by"]


def test_a_buyers_own_terms_say_it_too_and_have_no_limit(store):
    ada = a_buyer()
    grant_invoice(ada, net_days=7)
    basket = a_basket(store, (a_product("Cup", store, price="5000"), 1), owner=ada)

    placed = place_order(basket, a_purchase(store, buyer=ada, payment="invoice"))

    invoiced = InvoicedOrder.objects.get()
    assert (invoiced.company, invoiced.due_on - timezone.localdate(placed.date_placed)) == (None, timedelta(days=7))


def test_an_order_by_transfer_is_due_at_once(store, buyer):
    order(store, buyer, 60, payment="bank_transfer")

    assert not InvoicedOrder.objects.exists()


def test_the_trail_keeps_what_the_limit_was(store, buyer):
    company = Company.objects.get()
    company.credit_limit = Decimal(250)

    change_company(company, by=None)

    assert AuditEntry.objects.get(action="company.changed").details == {"before": {"credit_limit": "100.00"}}


def test_another_merchants_company_owes_nothing_here(store, buyer, lumen):
    order(store, buyer, 60)

    with merchant_scope(lumen.pk):
        assert owed_by(buyer.company, "GBP") == 0

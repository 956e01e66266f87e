"""Two people of a company who order on invoice at the same moment: together they owe no more than it may."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier, BrokenBarrierError

import pytest
from django.db import connection

from shop.checkout import errors
from shop.checkout.actions import place_order
from shop.checkout.proposals import Proposal
from shop.companies.models import Company, Membership
from shop.order.models import Order
from shop.payments.limits import owed_by
from shop.payments.methods.invoice import Invoice
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member
from tests.cast import cast_merchant
from tests.goods import a_product
from tests.services import LONGEST_S
from tests.trade import a_basket, a_purchase, open_for_trade

pytestmark = pytest.mark.data

BUYERS = 4


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    """With a company that may owe what one order of 60 comes to."""
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            open_for_trade(Store.objects.get())
            company = a_company(terms_days=30, credit_limit=Decimal(100), credit_currency="GBP")
            for _ in range(BUYERS):
                a_member(company)
        yield merchant_id


def ordered_at_once(merchant_id: int) -> tuple[list[str], Decimal]:
    """What became of the order of each, and what the company owes then."""
    with merchant_scope(merchant_id):
        store = Store.objects.get()
        cup = a_product("Cup", store, price="60")
        baskets = [(a_basket(store, (cup, 1), owner=member.user), member.pk) for member in Membership.objects.all()]
    with ThreadPoolExecutor(BUYERS) as pool:
        outcomes = list(pool.map(lambda pair: ordered(merchant_id, *pair), baskets))
    with merchant_scope(merchant_id):
        return sorted(outcomes), owed_by(Company.objects.get(), "GBP")


def ordered(merchant_id: int, basket, member_id: int) -> str:
    try:
        with merchant_scope(merchant_id):
            member = Membership.objects.select_related("company", "user").get(pk=member_id)
            purchase = a_purchase(Store.objects.get(), buyer=member.user, membership=member, payment="invoice")
            place_order(basket, purchase)
        return "placed"
    except errors.PaymentRefused:
        return "refused"
    finally:
        connection.close()


def test_of_orders_at_once_only_those_within_the_limit_are_placed(merchant_id):
    outcomes, owed = ordered_at_once(merchant_id)

    assert outcomes == ["placed", *["refused"] * (BUYERS - 1)]
    assert owed == 60
    with merchant_scope(merchant_id):
        assert Order.objects.count() == 1


def test_without_the_lock_they_owe_more(merchant_id, monkeypatch):
    """The control: everybody has looked before anybody writes."""
    looked = Barrier(BUYERS)

    def check_together(proposal: Proposal, check: Callable = Proposal.check) -> None:
        check(proposal)
        try:
            looked.wait(LONGEST_S)
        except BrokenBarrierError:
            return

    monkeypatch.setattr(Proposal, "check", check_together)
    monkeypatch.setattr(Invoice, "hold", classmethod(lambda cls, payer: None))

    outcomes, owed = ordered_at_once(merchant_id)

    assert outcomes == ["placed"] * BUYERS
    assert owed == 60 * BUYERS

"""Two orders that spend the same gift card at the same moment: what is on it is spent once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from itertools import count
from threading import Barrier, BrokenBarrierError, Event

import pytest
from django.db import connection

from shop.checkout import actions, errors
from shop.checkout.proposals import Proposal
from shop.credit import actions as credit
from shop.credit.actions import balance_of, issue_gift_card
from shop.credit.errors import CreditRefused
from shop.credit.models import CreditAccount
from shop.credit.spending import Wish
from shop.order.models import Order
from shop.payments.actions import offer_method
from shop.payments.ledger import balance_of as money_of
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.goods import a_product
from tests.services import LONGEST_S
from tests.trade import a_basket, a_purchase, open_for_trade

pytestmark = pytest.mark.data

BUYERS = 4


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    """With two cards of 30 pounds."""
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            store = open_for_trade(Store.objects.get())
            offer_method(store, "gift_card", details={})
            for _ in range(2):
                issue_gift_card(Decimal(30), currency="GBP", by=None)
        yield merchant_id


@pytest.fixture
def have_looked(monkeypatch) -> None:
    """Everybody has reckoned with the cards before anybody takes from them."""
    looked = Barrier(BUYERS)

    def check_together(proposal: Proposal, check: Callable = Proposal.check) -> None:
        check(proposal)
        _ = proposal.fingerprint
        try:
            looked.wait(LONGEST_S)
        except BrokenBarrierError:
            return

    monkeypatch.setattr(Proposal, "check", check_together)


def ordered_at_once(merchant_id: int) -> list[str]:
    """What became of the order of each: 40 pounds of goods and 5 of delivery, the cards in turns' opposite orders."""
    with merchant_scope(merchant_id):
        cup = a_product("Cup", Store.objects.get(), price="40")
        baskets = [a_basket(Store.objects.get(), (cup, 1)) for _ in range(BUYERS)]
        cards = list(CreditAccount.objects.order_by("pk").values_list("pk", flat=True))
    wishes = [Wish(tuple(cards if n % 2 else reversed(cards))) for n in range(BUYERS)]
    with ThreadPoolExecutor(BUYERS) as pool:
        return sorted(pool.map(lambda pair: ordered(merchant_id, *pair), zip(baskets, wishes, strict=True)))


def ordered(merchant_id: int, basket, wish: Wish) -> str:
    try:
        with merchant_scope(merchant_id):
            actions.place_order(basket, a_purchase(Store.objects.get(), credit=wish))
        return "placed"
    except (errors.CheckoutRefused, CreditRefused) as refusal:
        return type(refusal).__name__
    finally:
        connection.close()


def test_what_is_on_the_cards_is_spent_once(merchant_id):
    assert ordered_at_once(merchant_id) == ["placed"] * BUYERS

    with merchant_scope(merchant_id):
        assert sum(money_of(order).paid for order in Order.objects.all()) == 60
        assert [balance_of(card) for card in CreditAccount.objects.all()] == [0, 0]


def test_without_the_lock_the_later_ones_find_nothing_where_they_had_reckoned(merchant_id, have_looked, monkeypatch):
    """The control: the balance itself holds, but buyers are refused though they could have paid otherwise."""
    monkeypatch.setattr(actions, "hold", lambda wish, payer: None)

    outcomes = ordered_at_once(merchant_id)

    assert "CreditRefused" in outcomes
    with merchant_scope(merchant_id):
        assert all(balance_of(card) >= 0 for card in CreditAccount.objects.all())


@pytest.mark.parametrize("is_other_done", [False, True])
def test_a_card_that_is_issued_twice_at_once_is_one_card(merchant_id, monkeypatch, is_other_done):
    """Both have seen that there is no such card yet: looking alone would not do, however far the other has come."""
    looked, done = Barrier(2), Event()
    turns = count()

    def code_together(new_code: Callable = credit.new_code) -> str:
        looked.wait(LONGEST_S)
        if next(turns) and is_other_done:
            done.wait(LONGEST_S)
        return new_code()

    monkeypatch.setattr(credit, "new_code", code_together)

    def issued(_click: int) -> str:
        try:
            with merchant_scope(merchant_id):
                issue_gift_card(Decimal(10), currency="GBP", key="the form", by=None)
            done.set()
            return "issued"
        except CreditRefused as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(issued, range(2)))

    assert outcomes == ["This card was issued already; its code cannot be shown again.", "issued"]
    with merchant_scope(merchant_id):
        assert [balance_of(card) for card in CreditAccount.objects.order_by("pk")] == [30, 30, 10]

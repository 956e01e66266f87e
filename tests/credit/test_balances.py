"""Balances of gift cards and store credit: sums of what only grows, never negative."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from shop.audit.models import AuditEntry
from shop.credit.actions import (
    balance_of,
    block_account,
    correct_balance,
    give_credit,
    issue_gift_card,
    unblock_account,
)
from shop.credit.errors import CreditRefused
from shop.credit.models import AccountKind, CreditAccount, CreditEntry
from shop.credit.spending import Wish, accounts_for, card_coded, uses_of
from shop.payments.contract import Payer
from shop.stores.scope import merchant_scope
from tests.business import a_company
from tests.trade import a_buyer


@pytest.fixture
def card(in_aurora):
    """With 30 pounds."""
    return issue_gift_card(Decimal(30), currency="GBP", by=None)[0]


@pytest.mark.django_db
def test_nobody_is_given_a_part_of_a_yen(in_aurora):
    with pytest.raises(CreditRefused):
        issue_gift_card(Decimal("10.50"), currency="JPY", by=None)

    assert not CreditEntry.objects.exists()
    assert balance_of(issue_gift_card(Decimal("10.00"), currency="JPY", by=None)[0]) == 10


@pytest.mark.django_db
def test_a_card_is_found_by_its_code_which_is_kept_nowhere(in_aurora):
    card, code = issue_gift_card(Decimal(30), currency="GBP", note="Ada", by=None)

    assert card_coded(code.lower()) == card
    assert card_coded(code).balance == 30
    stored = repr(list(CreditAccount.objects.values())) + repr(list(AuditEntry.objects.values()))
    assert code not in stored
    assert code.replace("-", "") not in stored
    assert str(card) == f"Gift card …{code[-4:]}"


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "is_found"), [(1, True), (0, True), (-1, False)])
def test_a_card_is_spent_up_to_its_last_day(in_aurora, days, is_found):
    last = timezone.localdate() + timedelta(days=days)
    _card, code = issue_gift_card(Decimal(30), currency="GBP", expires_on=last, by=None)

    assert (card_coded(code) is not None) is is_found


@pytest.mark.django_db
def test_a_blocked_card_is_not_spent_until_it_is_unblocked(in_aurora):
    card, code = issue_gift_card(Decimal(30), currency="GBP", by=None)

    block_account(card, by=None)
    assert card_coded(code) is None
    assert accounts_for(Wish((card.pk,)), Payer(), "GBP") == []

    unblock_account(card, by=None)
    assert card_coded(code) == card


@pytest.mark.django_db
@pytest.mark.parametrize("amount", ["0", "-5", "0.001", "NaN", "Infinity", "100000.01"])
def test_an_amount_that_is_none_is_refused(in_aurora, amount):
    with pytest.raises(CreditRefused):
        issue_gift_card(Decimal(amount), currency="GBP", by=None)

    assert not CreditEntry.objects.exists()


@pytest.mark.django_db
def test_credit_adds_up_in_one_account_for_each_currency(in_aurora):
    ada, cafe = a_buyer(), a_company()

    give_credit(ada, Decimal(10), currency="GBP", reason="late", key="1", by=None)
    give_credit(ada, Decimal(5), currency="GBP", reason="late again", key="2", by=None)
    give_credit(ada, Decimal(5), currency="GBP", reason="late again", key="2", by=None)
    give_credit(ada, Decimal(7), currency="EUR", reason="late", key="3", by=None)
    give_credit(cafe, Decimal(9), currency="GBP", reason="broken", key="4", by=None)

    wish = Wish(store_credit=True)
    assert [account.balance for account in accounts_for(wish, Payer(ada), "GBP")] == [15]
    assert [account.balance for account in accounts_for(wish, Payer(ada), "EUR")] == [7]
    assert [account.balance for account in accounts_for(wish, Payer(ada, cafe), "GBP")] == [9]
    assert accounts_for(wish, Payer(), "GBP") == []
    given = AuditEntry.objects.filter(action="store_credit.given")
    assert [entry.details["amount"] for entry in given.order_by("pk")] == ["10", "5", "7", "9"]


@pytest.mark.django_db
def test_no_balance_is_corrected_below_nothing(card):
    correct_balance(card, Decimal(-30), reason="lost", key="1", by=None)
    correct_balance(card, Decimal(-30), reason="lost", key="1", by=None)  # the same click
    with pytest.raises(CreditRefused):
        correct_balance(card, Decimal("-0.01"), reason="lost", key="2", by=None)

    assert balance_of(card) == 0
    assert AuditEntry.objects.get(action="credit.corrected").details["reason"] == "lost"


@pytest.mark.django_db
def test_somebody_elses_store_credit_is_not_spent_by_naming_it_as_a_card(in_aurora):
    account = give_credit(a_buyer(), Decimal(10), currency="GBP", reason="late", key="1", by=None)

    assert accounts_for(Wish((account.pk,)), Payer(), "GBP") == []


@pytest.mark.django_db
@pytest.mark.data
def test_an_entry_is_never_changed(card):
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditEntry.objects.update(amount=1000)
    with pytest.raises(DatabaseError), transaction.atomic():
        CreditEntry.objects.all().delete()

    assert balance_of(card) == 30


@pytest.mark.django_db
@pytest.mark.data
def test_the_database_keeps_cards_and_credit_apart(in_aurora):
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditAccount.objects.create(kind=AccountKind.GIFT_CARD, currency="GBP")
    with pytest.raises(IntegrityError), transaction.atomic():
        CreditAccount.objects.create(kind=AccountKind.STORE_CREDIT, currency="GBP", digest="x", buyer=a_buyer())

    assert not CreditAccount.objects.exists()


def an_account(balance, pk):
    account = CreditAccount(pk=pk, kind=AccountKind.GIFT_CARD, currency="GBP", expires_on=date.max)
    account.balance = balance
    return account


amounts = st.decimals(0, 1000, places=2)


@given(st.lists(amounts, max_size=6), amounts)
def test_credit_pays_what_it_can_and_never_more(balances, amount):
    accounts = [an_account(balance, pk) for pk, balance in enumerate(balances)]

    uses = uses_of(accounts, amount)

    assert sum(use.amount for use in uses) == min(sum(balances), amount)
    assert all(0 < use.amount <= use.account.balance for use in uses)


@pytest.mark.django_db
def test_another_merchants_code_is_none_here(in_aurora, lumen):
    card, code = issue_gift_card(Decimal(30), currency="GBP", by=None)

    with merchant_scope(lumen.pk):
        assert card_coded(code) is None
        assert accounts_for(Wish((card.pk,)), Payer(), "GBP") == []

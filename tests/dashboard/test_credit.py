"""The pages on which staff issue gift cards and give store credit."""

import re
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from shop.credit.actions import balance_of, issue_gift_card
from shop.credit.models import CreditAccount
from shop.credit.spending import card_coded
from shop.stores.scope import merchant_scope
from tests.business import a_company

pytestmark = pytest.mark.django_db

LIST, ISSUE = reverse("dashboard:credit-list"), reverse("dashboard:gift-card-issue")
GIVE = reverse("dashboard:store-credit-give")
TOKEN = "0123456789abcdef"
CARD = {"amount": "30", "currency": "GBP", "token": TOKEN, "note": "for Ada"}
CREDIT = {"amount": "12.50", "currency": "GBP", "token": TOKEN, "reason": "late parcel"}


def test_a_code_is_shown_once_and_the_card_is_found_by_its_end(browser_of, world, aurora):
    clerk = browser_of("orders")

    page = clerk.post(ISSUE, CARD)
    code = re.search(r"<code>([\w-]{19})</code>", page.content.decode())[1]
    assert "no-store" in page["Cache-Control"]
    assert "was issued already" in clerk.post(ISSUE, CARD).content.decode()

    with merchant_scope(aurora.pk):
        card = card_coded(code)
        assert (card.balance, card.note) == (30, "for Ada")
    for address in (LIST, reverse("dashboard:credit-account", args=[card.pk])):
        shown = clerk.get(address, {"q": code[-4:]}).content.decode()
        assert code not in shown
        assert f"…{code[-4:]}" in shown


def test_credit_is_given_to_a_customer_and_to_a_company(browser_of, world, aurora):
    clerk = browser_of("orders")
    with merchant_scope(aurora.pk):
        cafe = a_company(code="K-9")

    for owner in ("BEA@people.example", "k-9"):
        assert clerk.post(GIVE, CREDIT | {"owner": owner}).status_code == 302
        assert clerk.post(GIVE, CREDIT | {"owner": owner}).status_code == 302

    with merchant_scope(aurora.pk):
        bea, company = CreditAccount.objects.order_by("pk")
        assert (bea.buyer, company.company) == (world.bea, cafe)
        assert [balance_of(account) for account in (bea, company)] == [Decimal("12.50")] * 2


@pytest.mark.parametrize(
    ("address", "said", "sentence"),
    [
        (ISSUE, CARD | {"amount": "0"}, "greater than or equal to 0.01"),
        (ISSUE, CARD | {"currency": "XXX"}, "valid choice"),
        (ISSUE, CARD | {"expires_on": "2020-01-01"}, "This day has passed."),
        (GIVE, CREDIT | {"owner": "nobody@people.example"}, "There is no such customer"),
        (GIVE, CREDIT | {"owner": "bea@people.example", "reason": ""}, "This field is required"),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_sentence(browser_of, world, aurora, address, said, sentence):
    assert sentence in browser_of("owner").post(address, said).content.decode()

    with merchant_scope(aurora.pk):
        assert not CreditAccount.objects.exists()


def test_a_balance_is_corrected_and_an_account_blocked(browser_of, world, aurora):
    clerk = browser_of("orders")
    with merchant_scope(aurora.pk):
        card = issue_gift_card(Decimal(30), currency="GBP", by=None)[0]
    correct = reverse("dashboard:credit-correct", args=[card.pk])

    refused = clerk.post(correct, {"amount": "-31", "reason": "lost", "token": TOKEN}).content.decode()
    assert "There is not so much on it." in refused
    for _click in range(2):
        clerk.post(correct, {"amount": "-10", "reason": "lost", "token": TOKEN})
    clerk.post(reverse("dashboard:credit-switch", args=[card.pk]))

    with merchant_scope(aurora.pk):
        assert balance_of(card) == 20
        assert CreditAccount.objects.get().is_blocked


def test_ten_accounts_are_listed_with_as_many_statements_as_five(browser_of, world, aurora):
    clerk, counts = browser_of("orders"), []
    for _ in range(2):
        with merchant_scope(aurora.pk):
            for _ in range(5):
                issue_gift_card(Decimal(30), currency="GBP", by=None)
        clerk.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            clerk.get(LIST)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_another_merchants_card_is_not_there(browser_of, world, aurora, lumen):
    with merchant_scope(lumen.pk):
        card = issue_gift_card(Decimal(30), currency="GBP", by=None)[0]
    owner = browser_of("owner")

    assert owner.get(reverse("dashboard:credit-account", args=[card.pk])).status_code == 404
    assert owner.post(reverse("dashboard:credit-switch", args=[card.pk])).status_code == 404
    assert (
        owner.post(
            reverse("dashboard:credit-correct", args=[card.pk]), {"amount": "1", "reason": "x", "token": TOKEN}
        ).status_code
        == 404
    )

    with merchant_scope(lumen.pk):
        assert balance_of(card) == 30

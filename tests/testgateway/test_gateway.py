"""The gateway itself, as shops and holders of cards meet it."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from shop.payments.gateways import signatures
from shop.payments.gateways.errors import StaleWebhook, WrongSignature
from shop.testgateway.books import Books
from shop.testgateway.cards import CARDS, fingerprint_of
from shop.testgateway.journal import load, save
from shop.testgateway.signing import HEADER, webhook_secret
from tests.paying import ASKS_3DS, DECLINED, PLAIN, RISKY

KEY = "sk_test_somebody"
REFUSED = [(number, card.decline) for number, card in CARDS.items() if card.decline and not card.asks_3ds]
ASKED = {"amount": 1500, "currency": "GBP", "order_number": "S-1", "return_url": "http://shop.localhost/back/"}


@pytest.fixture
def begun(gateway):
    """The number of a payment that waits."""
    return gateway.call(KEY, "POST", "payments", ASKED).json()["id"]


def told(gateway, payment: str) -> dict:
    return gateway.call(KEY, "GET", f"payments/{payment}").json()


def test_a_card_pays_and_its_holder_comes_back(gateway, begun):
    answer = gateway.pay(begun, "4242 4242 4242 4242")

    assert (answer.status_code, answer.headers["Location"]) == (303, "http://shop.localhost/back/?outcome=succeeded")
    assert told(gateway, begun)["status"] == "succeeded"
    assert [capture["amount"] for capture in told(gateway, begun)["captures"]] == [1500]


@pytest.mark.parametrize(("number", "decline"), REFUSED)
def test_a_card_is_declined_for_its_own_reason_and_nothing_is_taken(gateway, begun, number, decline):
    answer = gateway.pay(begun, number)

    assert (answer.status_code, 'role="alert"' in answer.text) == (200, True)
    assert (told(gateway, begun)["status"], told(gateway, begun)["decline"]) == ("open", decline)
    assert told(gateway, begun)["captures"] == []


def test_a_number_that_is_no_card_is_declined_and_shown_nowhere(gateway, begun):
    answer = gateway.pay(begun, "<script>alert(1)</script>")

    assert "alert(1)" not in answer.text
    assert told(gateway, begun)["decline"] == "incorrect_number"


def test_3d_secure_comes_between_and_cannot_be_passed_by(gateway, begun):
    gateway.pay(begun, ASKS_3DS)
    assert told(gateway, begun)["status"] == "needs_action"

    gateway.typed(begun, answer="no")
    assert (told(gateway, begun)["status"], told(gateway, begun)["decline"]) == ("open", "authentication_failed")


def test_the_same_key_does_once_and_with_another_question_is_refused(gateway):
    first = gateway.call(KEY, "POST", "payments", ASKED, **{"Idempotency-Key": "one"})
    again = gateway.call(KEY, "POST", "payments", ASKED, **{"Idempotency-Key": "one"})
    other = gateway.call(KEY, "POST", "payments", ASKED | {"amount": 1}, **{"Idempotency-Key": "one"})

    assert first.json() == again.json()
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_conflict")


def test_refunds_add_up_to_what_was_captured_and_no_more(gateway, begun):
    gateway.pay(begun)

    answers = [gateway.call(KEY, "POST", f"payments/{begun}/refunds", {"amount": n}) for n in (1000, 501, 500, 1)]

    assert [answer.status_code for answer in answers] == [200, 400, 200, 400]
    assert [refund["amount"] for refund in told(gateway, begun)["refunds"]] == [1000, 500]


def test_its_webhooks_are_signed_as_we_check_them(gateway, begun):
    gateway.pay(begun)
    (paid,) = gateway.webhooks(begun)
    body, now, given = paid["body"].encode(), timezone.now(), paid["headers"][HEADER]

    signatures.check(body, given, secret=webhook_secret(KEY), now=now)
    with pytest.raises(WrongSignature):
        signatures.check(body + b" ", given, secret=webhook_secret(KEY), now=now)
    with pytest.raises(WrongSignature):
        signatures.check(body, given, secret="", now=now)
    later = now + timedelta(seconds=302)
    with pytest.raises(StaleWebhook):
        signatures.check(body, given, secret=webhook_secret(KEY), now=later)
    assert json.loads(body)["payment"]["status"] == "succeeded"


def test_a_risky_card_pays_and_its_score_is_told(gateway, begun):
    gateway.pay(begun, RISKY)

    assert (told(gateway, begun)["status"], told(gateway, begun)["risk"]) == ("succeeded", 80)
    assert told(gateway, begun)["fingerprint"] == fingerprint_of(RISKY)


@pytest.mark.parametrize(
    ("method", "path", "asked", "status"),
    [
        ("POST", "payments", {"amount": 0, "currency": "GBP"}, 400),
        ("POST", "payments", {"amount": "12", "currency": "GBP"}, 400),
        ("POST", "payments", [1], 400),
        ("GET", "payments/pay_unknown", None, 404),
        ("POST", "payments/pay_unknown/refunds", {"amount": 1}, 404),
        ("GET", "nothing", None, 404),
    ],
)
def test_nonsense_is_refused_in_words(gateway, method, path, asked, status):
    answer = gateway.call(KEY, method, path, asked)

    assert (answer.status_code, set(answer.json())) == (status, {"error"})


def test_the_books_are_the_same_after_a_restart(tmp_path):
    books = Books(lambda: 1.0)
    payment = books.create(KEY, ASKED)
    books.pay(payment, DECLINED)
    books.pay(payment, PLAIN)
    books.answers[KEY, "one"] = ("asked", 200, payment.public())
    save(books, tmp_path / "books.json")

    again = Books(lambda: 2.0)
    load(again, tmp_path / "books.json")

    assert (again.payments, again.events, again.answers) == (books.payments, books.events, books.answers)


def test_another_account_sees_and_changes_nothing(gateway, begun):
    gateway.pay(begun)

    assert gateway.call("sk_test_other", "GET", f"payments/{begun}").status_code == 404
    assert gateway.call("sk_test_other", "POST", f"payments/{begun}/refunds", {"amount": 1}).status_code == 404
    assert gateway.call("nobody", "GET", f"payments/{begun}").status_code == 401
    assert told(gateway, begun)["refunds"] == []

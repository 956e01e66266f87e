import re

import pytest
from django.core import mail
from django.test import Client

from shop.accounts import links
from shop.accounts.actions import NEW_ADDRESS, password_path
from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.stores.scope import merchant_scope

from .conftest import PASSWORD
from .test_sign_in import is_signed_in, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def post(browser, django_capture_on_commit_callbacks):
    def send(path, form, **extra):
        with django_capture_on_commit_callbacks(execute=True):
            return browser.post(path, form, **extra)

    return send


def link_in(letter) -> str:
    return re.search(r"http://aurora\.example(/\S{2,})", letter.body)[1]


def test_a_link_in_a_letter_opens_the_way_to_a_new_password(browser, post, ada):
    other = Client(headers={"host": "aurora.example"})
    sign_in(other)
    response = post("/password-reset/", {"email": " Ada@People.Example"})
    assert response["Location"] == "/password-reset/done/"
    assert browser.get("/password-reset/done/").status_code == 200

    link = browser.get(link_in(mail.outbox[0]))["Location"]
    assert browser.get(link).status_code == 200
    response = post(link, {"new_password1": "another long one", "new_password2": "another long one"})

    assert response["Location"] == "/password-reset/complete/"
    assert browser.get("/password-reset/complete/").status_code == 200
    assert not is_signed_in(browser)
    assert other.get("/accounts/profile/").status_code == 302
    assert sign_in(browser, password="another long one").status_code == 302
    assert [letter.subject for letter in mail.outbox] == ["Choose a new password", "Your password was changed"]
    assert AuditEntry.objects.filter(action="account.password_changed", actor=ada).count() == 1


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("aurora.example:6666", "http://aurora.example"),
        ("AURORA.example.:8000", "http://aurora.example:8000"),
        ("aurora.example.", "http://aurora.example"),
    ],
)
def test_a_letters_link_leads_to_the_store_whatever_the_host_header_adds(post, ada, host, origin):
    post("/password-reset/", {"email": "ada@people.example"}, headers={"host": host})

    assert f"{origin}/password-reset/confirm/" in mail.outbox[0].body


def test_the_answer_does_not_tell_whether_there_is_an_account(post, ada):
    there, not_there = [post("/password-reset/", {"email": f"{name}@people.example"}) for name in ("ada", "eve")]

    assert (there.status_code, there["Location"]) == (not_there.status_code, not_there["Location"])
    assert [letter.to for letter in mail.outbox] == [["ada@people.example"], ["eve@people.example"]]
    assert mail.outbox[1].subject == "There is no account with this address"
    assert "password-reset" not in mail.outbox[1].body


def test_a_reset_opens_an_account_that_strangers_slowed_down(browser, post, ada):
    for _ in range(6):
        sign_in(browser, password="wrong")
    post("/password-reset/", {"email": ada.email})
    link = browser.get(link_in(mail.outbox[0]))["Location"]
    post(link, {"new_password1": "another long one", "new_password2": "another long one"})

    assert sign_in(browser, password="another long one").status_code == 302


def test_resets_are_slowed_down(post, ada):
    for _ in range(3):
        post("/password-reset/", {"email": ada.email})

    assert post("/password-reset/", {"email": ada.email}).status_code == 429
    assert len(mail.outbox) == 3


def test_a_reset_link_works_once(browser, post, ada):
    link = password_path(ada)
    again = Client(headers={"host": "aurora.example"})
    post(browser.get(link)["Location"], {"new_password1": "another long one", "new_password2": "another long one"})

    response = again.get(link)

    assert response.status_code == 200
    assert "This link no longer works" in response.content.decode()


def test_a_new_address_is_used_once_it_is_proved(browser, post, ada):
    sign_in(browser)
    assert browser.get("/accounts/address/").status_code == 200
    post("/accounts/address/", {"email": "Ada@New.example", "password": PASSWORD})
    ada.refresh_from_db()
    assert ada.email == "ada@people.example"
    assert mail.outbox[0].to == ["ada@new.example"]

    link = link_in(mail.outbox[0])
    assert browser.get(link).status_code == 200
    ada.refresh_from_db()
    assert ada.email == "ada@people.example"
    post(link, {})

    ada.refresh_from_db()
    assert ada.email == "ada@new.example"
    assert (mail.outbox[1].to, mail.outbox[1].subject) == (["ada@people.example"], "Your address was changed")
    entry = AuditEntry.objects.get(action="account.address_changed")
    assert entry.details == {"old": "ada@people.example", "new": "ada@new.example"}
    assert post(link, {}).status_code == 410


def test_an_address_that_is_taken_answers_alike(browser, post, ada):
    User.objects.create_user("ben@people.example", PASSWORD)
    sign_in(browser)

    free, taken = [
        post("/accounts/address/", {"email": f"{name}@people.example", "password": PASSWORD}) for name in ("new", "ben")
    ]

    assert (free.status_code, free["Location"]) == (taken.status_code, taken["Location"])
    assert [letter.subject for letter in mail.outbox] == [
        "Confirm your new address",
        "This address has an account already",
    ]


def test_an_address_that_was_taken_meanwhile_is_refused(browser, post, ada):
    sign_in(browser)
    token = links.signed(NEW_ADDRESS, user=ada.pk, old=ada.email, new="ben@people.example")
    User.objects.create_user("ben@people.example", PASSWORD)

    assert post(f"/accounts/address/{token}/", {}).status_code == 410
    ada.refresh_from_db()
    assert ada.email == "ada@people.example"


@pytest.mark.parametrize(("email", "password"), [("new@people.example", "wrong"), ("nothing", PASSWORD)])
def test_a_new_address_takes_the_password(browser, post, ada, email, password):
    sign_in(browser)

    assert post("/accounts/address/", {"email": email, "password": password}).status_code == 200
    assert mail.outbox == []


def test_guessing_the_password_there_is_slowed_down(browser, post, ada):
    sign_in(browser)
    for _ in range(10):
        post("/accounts/address/", {"email": "new@people.example", "password": "wrong"})

    assert post("/accounts/address/", {"email": "new@people.example", "password": PASSWORD}).status_code == 429
    assert mail.outbox == []


def test_a_stranger_changes_nobodys_address(browser, post, ada):
    eve = User.objects.create_user("eve@people.example", PASSWORD)
    token = links.signed(NEW_ADDRESS, user=ada.pk, old=ada.email, new="eve2@people.example")
    assert post(f"/accounts/address/{token}/", {}).status_code == 302
    sign_in(browser, eve.email)

    assert post(f"/accounts/address/{token}/", {}).status_code == 410
    assert browser.get("/accounts/address/forged/").status_code == 410
    assert sorted(User.objects.values_list("email", flat=True)) == ["ada@people.example", "eve@people.example"]

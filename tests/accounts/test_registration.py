import re

import pytest
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.test import Client

from shop.accounts import links
from shop.accounts.actions import REGISTRATION
from shop.accounts.models import User
from shop.stores.scope import merchant_scope

from .conftest import PASSWORD
from .test_sign_in import words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def register(browser, django_capture_on_commit_callbacks):
    """Send the form; gives the answer. Letters are in the outbox."""

    def send(email="new@people.example", next_path="", **extra):
        form = {"registration-email": email, "registration-redirect_url": next_path, "registration_submit": "1"}
        with django_capture_on_commit_callbacks(execute=True):
            return browser.post("/accounts/login/", form, **extra)

    return send


def link_in(letter) -> str:
    return re.search(r"http://aurora\.example(/\S+)", letter.body)[1]


def test_a_new_shopper_proves_the_address_and_chooses_a_password(browser, register):
    response = register("New@People.example", next_path="/checkout/")
    assert response["Location"] == "/accounts/register/sent/"
    assert browser.get(response["Location"]).status_code == 200
    assert not User.objects.exists()
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["new@people.example"], "Finish opening your account")
    assert letter.from_email == "Aurora <shop@aurora.example>"
    assert link_in(letter) in letter.alternatives[0].content

    link = link_in(letter)
    assert "new@people.example" in words(browser.get(link))
    response = browser.post(link, {"password": "a very long password", "first_name": "Nea", "last_name": ""})

    assert response["Location"] == "/checkout/"
    user = User.objects.get()
    assert (user.email, user.first_name, user.check_password("a very long password")) == (
        "new@people.example",
        "Nea",
        True,
    )
    assert browser.session[SESSION_KEY] == str(user.pk)


def test_the_answer_is_the_same_where_there_is_an_account(browser, register, ada):
    new, there = register("new@people.example"), register("ada@people.example")

    assert (new.status_code, new["Location"]) == (there.status_code, there["Location"])
    assert [letter.subject for letter in mail.outbox] == [
        "Finish opening your account",
        "You have an account already",
    ]
    assert link_in(mail.outbox[1]) == "/accounts/login/"


def test_the_page_of_its_own_does_the_same(browser, django_capture_on_commit_callbacks):
    assert 'value="new@people.example"' in browser.get("/accounts/register/?email=new@people.example").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        response = browser.post(
            "/accounts/register/", {"email": "new@people.example", "redirect_url": "//evil.example"}
        )

    assert response["Location"] == "/accounts/register/sent/"
    token = link_in(mail.outbox[0]).split("/")[-2]
    assert links.claims_of(REGISTRATION, token) == {"email": "new@people.example", "next": ""}


def test_a_link_opens_one_account(browser, register):
    register()
    link = link_in(mail.outbox[0])
    browser.post(link, {"password": "a very long password"})

    stranger = Client(headers={"host": "aurora.example"})
    response = stranger.post(link, {"password": "another long password"})

    assert response.status_code == 410
    assert User.objects.get().check_password("a very long password")


@pytest.mark.parametrize("password", ["short", "password1234", "1234567890123", "new@people.example", ""])
def test_a_weak_password_is_refused(browser, register, password):
    register()

    response = browser.post(link_in(mail.outbox[0]), {"password": password})

    assert response.status_code == 200
    assert not User.objects.exists()


def test_letters_to_one_address_are_slowed_down(register):
    for _ in range(3):
        assert register().status_code == 302

    assert register().status_code == 429
    assert len(mail.outbox) == 3


def test_letters_from_one_address_are_slowed_down(register):
    for number in range(10):
        assert register(f"{number}@people.example").status_code == 302

    assert register("eleven@people.example").status_code == 429
    assert register("eleven@people.example", REMOTE_ADDR="198.51.100.9").status_code == 302


def test_no_letter_goes_to_what_is_no_address(register):
    assert register("nobody").status_code == 200
    assert mail.outbox == []


def test_who_is_signed_in_needs_no_second_account(browser, register):
    register()
    browser.post(link_in(mail.outbox[0]), {"password": "a very long password"})

    assert browser.get("/accounts/register/").status_code == 302


def test_a_stranger_forges_no_link(browser, register, lumen):
    assert browser.get("/accounts/register/made-up:link/").status_code == 410
    assert browser.post("/accounts/register/made-up:link/", {"password": PASSWORD}).status_code == 410
    with merchant_scope(lumen.pk):
        theirs = links.signed(REGISTRATION, email="eve@people.example", next="")
    assert browser.get(f"/accounts/register/{theirs}/").status_code == 410
    other_purpose = links.signed("address", email="eve@people.example", next="")
    assert browser.get(f"/accounts/register/{other_purpose}/").status_code == 410
    assert not User.objects.exists()

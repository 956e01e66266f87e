from datetime import timedelta

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from shop.accounts.models import Attempts, User
from shop.accounts.throttle import ACCOUNT, ADDRESS
from shop.audit.models import AuditEntry
from shop.staff.actions import grant_role
from shop.stores.scope import merchant_scope

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db


def sign_in(browser: Client, email="ada@people.example", password=PASSWORD, next_path="", **extra):
    form = {"login-username": email, "login-password": password, "login-redirect_url": next_path, "login_submit": "1"}
    return browser.post("/accounts/login/", form, **extra)


def is_signed_in(browser: Client) -> bool:
    return SESSION_KEY in browser.session


@pytest.fixture
def session_of_aurora(aurora):
    """Lets the test's client read sessions, which are aurora's."""
    with merchant_scope(aurora.pk):
        yield


def words(response) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("email", ["ada@people.example", "Ada@People.Example", "  ADA@PEOPLE.EXAMPLE "])
def test_the_address_is_the_same_however_it_is_written(browser, ada, session_of_aurora, email):
    response = sign_in(browser, email)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert browser.session[SESSION_KEY] == str(ada.pk)


@pytest.mark.parametrize(
    ("email", "password"), [("ada@people.example", "wrong"), ("nobody@people.example", PASSWORD), ("ada@x.example", "")]
)
def test_nobody_gets_in_without_the_right_pair(browser, ada, session_of_aurora, email, password):
    response = sign_in(browser, email, password)

    assert response.status_code == 200
    assert not is_signed_in(browser)


def test_the_answer_does_not_tell_whether_there_is_an_account(browser, ada):
    there = sign_in(browser, "ada@people.example", "wrong").content.decode()
    not_there = sign_in(browser, "eve@people.example", "wrong").content.decode()

    def masked(page: str, email: str) -> list[str]:
        return [line for line in page.replace(email, "").splitlines() if "csrf" not in line]

    assert masked(there, "ada@people.example") == masked(not_there, "eve@people.example")


def test_as_many_queries_are_made_and_as_many_passwords_hashed_without_an_account(
    browser, ada, django_assert_num_queries, settings, monkeypatch
):
    from django.contrib.auth.hashers import MD5PasswordHasher
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    hashed = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashed.append(1) or encode(*args))
    counts = []
    for email in ("warm@people.example", "ada@people.example", "eve@people.example"):
        hashed.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            sign_in(browser, email, "wrong")
        counts.append((len(queries), len(hashed)))

    assert counts[1] == counts[2]
    assert counts[1][1] == 1


def test_after_five_mistakes_even_the_right_password_waits(browser, ada, session_of_aurora):
    for _ in range(5):
        assert sign_in(browser, password="wrong").status_code == 200

    response = sign_in(browser)

    assert response.status_code == 429
    assert response["Retry-After"] == "5"
    assert "Too many attempts. Try again in 5 seconds." in words(response)
    assert not is_signed_in(browser)


def test_a_name_without_an_account_is_slowed_down_alike(browser, ada):
    for _ in range(5):
        sign_in(browser, "eve@people.example")

    assert sign_in(browser, "eve@people.example").status_code == 429


def test_a_browser_that_the_account_knows_does_not_wait_for_strangers(browser, ada, session_of_aurora):
    sign_in(browser)
    browser.post("/accounts/logout/")
    stranger = Client(headers={"host": "aurora.example"}, REMOTE_ADDR="198.51.100.9")
    for _ in range(6):
        last = sign_in(stranger, password="wrong")
    assert last.status_code == 429

    assert sign_in(browser).status_code == 302
    assert is_signed_in(browser)
    assert sign_in(stranger).status_code == 429


def test_a_browser_is_known_to_its_own_account_only(browser, ada, aurora):
    with merchant_scope(aurora.pk):
        User.objects.create_user("ben@people.example", PASSWORD)
    sign_in(browser)
    browser.post("/accounts/logout/")
    for _ in range(5):
        sign_in(browser, "ben@people.example", "wrong")

    assert sign_in(browser, "ben@people.example").status_code == 429


def test_an_address_that_tries_many_accounts_is_slowed_down(browser, ada):
    for number in range(30):
        assert sign_in(browser, f"{number}@people.example").status_code == 200

    assert sign_in(browser).status_code == 429
    assert sign_in(browser, REMOTE_ADDR="198.51.100.9").status_code == 302


def test_signing_in_to_ones_own_account_does_not_hide_guesses_at_others(browser, ada, aurora):
    for number in range(6):
        sign_in(browser, f"{number}@people.example")
    sign_in(browser)

    with merchant_scope(aurora.pk):
        assert Attempts.objects.get(kind=ADDRESS.kind).count == 6
        assert not Attempts.objects.filter(kind=ACCOUNT.kind, count=1, free_at__gt=timezone.now()).exists()


def test_waiting_is_enough(browser, ada, aurora):
    for _ in range(6):
        sign_in(browser, password="wrong")
    with merchant_scope(aurora.pk):
        Attempts.objects.update(free_at=timezone.now() - timedelta(seconds=1))

    assert sign_in(browser).status_code == 302


@pytest.mark.parametrize(
    ("next_path", "target"),
    [
        ("/basket/", "/basket/"),
        ("/cms/pages/3/?a=b", "/cms/pages/3/?a=b"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://aurora.example/basket/", "http://aurora.example/basket/"),
        ("", "/"),
    ],
)
def test_only_a_page_of_this_host_comes_next(browser, ada, next_path, target):
    assert sign_in(browser, next_path=next_path)["Location"] == target


def test_the_page_hands_on_where_to_go(browser):
    assert 'value="/cms/"' in browser.get("/accounts/login/?next=/cms/").content.decode()
    assert "evil" not in browser.get("/accounts/login/?next=//evil.example/").content.decode()


def test_who_is_signed_in_is_sent_on(browser, ada):
    sign_in(browser)

    assert browser.get("/accounts/login/")["Location"] == "/"
    assert browser.get("/accounts/login/?next=/basket/")["Location"] == "/basket/"


@pytest.mark.parametrize(("role", "home"), [("orders", "/dashboard/"), ("owner", "/dashboard/"), ("editor", "/cms/")])
def test_staff_come_by_the_same_door_and_go_to_their_work(browser, ada, aurora, role, home):
    with merchant_scope(aurora.pk):
        grant_role(ada, role, by=None)

    assert sign_in(browser)["Location"] == home


def test_the_session_gets_another_key(browser, ada, session_of_aurora):
    session = browser.session
    session["basket"] = "kept"
    session.save()
    before = session.session_key
    browser.cookies["sessionid"] = before

    sign_in(browser)

    assert browser.session.session_key != before
    assert browser.session["basket"] == "kept"


def test_signing_out_takes_a_button(browser, ada, session_of_aurora):
    sign_in(browser)
    assert browser.get("/accounts/logout/").status_code == 200
    assert is_signed_in(browser)

    assert browser.post("/accounts/logout/")["Location"] == "/"
    assert not is_signed_in(browser)
    assert browser.get("/accounts/logout/").status_code == 302


def test_an_inactive_account_is_like_none(browser, ada, aurora):
    with merchant_scope(aurora.pk):
        User.objects.update(is_active=False)

    assert sign_in(browser).status_code == 200


def test_an_operators_stand_in_can_not_sign_in(browser, ada, aurora):
    with merchant_scope(aurora.pk):
        User.objects.update(stands_for_operator=True)

    assert sign_in(browser).status_code == 200


def test_the_trail_has_refusals_and_the_sign_ins_of_staff(browser, ada, aurora):
    sign_in(browser)
    browser.post("/accounts/logout/")
    sign_in(browser, "eve@people.example")
    with merchant_scope(aurora.pk):
        grant_role(ada, "orders", by=None)
    sign_in(browser)

    with merchant_scope(aurora.pk):
        entries = [(entry.action, entry.actor_label, entry.address) for entry in AuditEntry.objects.order_by("pk")]
    assert entries == [
        ("account.sign_in_refused", "eve@people.example", "127.0.0.1"),
        ("staff.role_granted", "", None),
        ("account.signed_in", "ada@people.example", "127.0.0.1"),
    ]


def test_a_form_without_a_button_or_an_address_is_no_sign_in(browser, ada):
    assert browser.post("/accounts/login/", {}).status_code == 400
    assert sign_in(browser, "not an address").status_code == 200


def test_the_page_is_never_cached(browser):
    response = browser.get("/accounts/login/")

    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"


def test_a_stranger_from_another_merchant_has_no_account_here(browser, ada, lumen):
    with merchant_scope(lumen.pk):
        User.objects.create_user("eve@people.example", PASSWORD)
    other = Client(headers={"host": "lumen.example"})
    assert sign_in(other, "eve@people.example").status_code == 302

    assert sign_in(browser, "eve@people.example").status_code == 200
    browser.cookies = other.cookies
    assert browser.get("/accounts/profile/").status_code == 302

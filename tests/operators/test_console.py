import re
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import get_resolver
from django_otp.plugins.otp_totp.models import TOTPDevice
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.operators.actions import create_operator
from shop.staff.models import StaffMembership
from shop.stores.models import Merchant, Store, StoreHost
from shop.stores.querysets import merchant_named
from shop.stores.scope import PLATFORM_MERCHANT_ID, merchant_scope

from .conftest import PASSWORD

pytestmark = pytest.mark.django_db

NEW_STORE = {
    "store_name": "Nova",
    "store_slug": "nova",
    "host": "Nova.Example.",
    "theme": "base",
    "language": "de",
    "currency": "EUR",
    "tax_display": "incl",
    "tax_percent": "19",
}
NEW_MERCHANT = {"name": "Nova Ltd", "slug": "nova", "owner_email": "Nea@nova.example", **NEW_STORE}


def form_errors(response) -> str:
    return " ".join(re.findall(r'class="error"[^>]*>([^<]*)', response.content.decode()))


def test_a_merchant_opens_with_a_store_that_can_sell_and_an_owner_who_can_come_in(
    console, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        response = console.post("/merchants/new/", NEW_MERCHANT)

    merchant = merchant_named("nova")
    assert response["Location"] == f"/merchants/{merchant.pk}/"
    with merchant_scope(merchant.pk):
        store = Store.objects.get()
        assert (store.name, store.language, store.currency, str(store.tax_rate)) == ("Nova", "de", "EUR", "0.1900")
        assert store.site.root_page.specific.get_children().exists()
        assert StaffMembership.objects.get().user.email == "nea@nova.example"
        assert get_model("partner", "Partner").objects.get().name == "Nova Ltd"
        assert get_model("catalogue", "ProductClass").objects.exists()
    letter = mail.outbox[0]
    assert (letter.to, letter.subject) == (["nea@nova.example"], "Nova Ltd is open")

    owner = Client(headers={"host": "nova.example"})
    link = re.search(r"//nova\.example:\d+(/password-reset/\S+)", letter.body)[1]
    owner.post(owner.get(link)["Location"], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    form = {"login-username": "nea@nova.example", "login-password": PASSWORD, "login_submit": "1"}
    assert owner.post("/accounts/login/", form)["Location"] == "/dashboard/"
    assert owner.get("/").status_code == 200


def test_both_trails_say_that_a_merchant_was_opened(console, olga):
    console.post("/merchants/new/", NEW_MERCHANT)

    with merchant_scope(PLATFORM_MERCHANT_ID):
        entry = AuditEntry.objects.get(action="operators.merchant_opened")
        assert (entry.actor, entry.target_label) == (olga, "Nova Ltd")
    with merchant_scope(merchant_named("nova").pk):
        entry = AuditEntry.objects.get(action="operators.merchant_opened")
        assert (entry.actor, entry.actor_label) == (None, "olga@platform.example (operator)")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"slug": "aurora"}, "Another merchant is called &#x27;aurora&#x27;."),
        ({"host": "aurora.example"}, "aurora.example is a store&#x27;s address already."),
        ({"host": "platform.localhost"}, "platform.localhost is a store&#x27;s address already."),
        ({"host": "no host"}, "A host name: lower case, without port."),
        ({"theme": "../evil"}, "is not one of the available choices"),
        ({"owner_email": "nobody"}, "Enter a valid email address."),
    ],
)
def test_what_can_not_be_opened_leaves_nothing_behind(console, aurora, change, said):
    response = console.post("/merchants/new/", {**NEW_MERCHANT, **change})

    assert response.status_code == 200
    assert said in form_errors(response)
    with merchant_scope(PLATFORM_MERCHANT_ID):
        assert set(Merchant.objects.values_list("slug", flat=True)) == {"platform", "aurora", "lumen"}


def test_the_console_lists_merchants_with_stores_and_hosts(console, aurora, lumen, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        page = console.get("/").content.decode()

    for text in ("Aurora", "aurora.example", "Lumen", "lumen.example"):
        assert text in page
    assert "Platform</a></h2>" not in page


def test_a_store_is_closed_and_opened_again(console, aurora):
    with merchant_scope(aurora.pk):
        store = Store.objects.get()
    shopper = Client(headers={"host": "aurora.example"})

    console.post(f"/merchants/{aurora.pk}/stores/{store.pk}/close/")
    assert shopper.get("/catalogue/").status_code == 503
    assert shopper.get("/accounts/login/").status_code == 200

    console.post(f"/merchants/{aurora.pk}/stores/{store.pk}/reopen/")
    assert shopper.get("/accounts/login/").status_code == 200
    with merchant_scope(aurora.pk):
        assert Store.objects.get().is_open
        assert [entry.action for entry in AuditEntry.objects.all()] == [
            "operators.store_reopened",
            "operators.store_closed",
        ]


def test_a_store_answers_under_another_name_too(console, aurora, lumen):
    with merchant_scope(aurora.pk):
        store = Store.objects.get()
    path = f"/merchants/{aurora.pk}/stores/{store.pk}/hosts/"

    console.post(path, {"host": "Shop.Aurora.Example"})
    console.post(path, {"host": "lumen.example"})
    response = console.post(path, {"host": "no host"}, follow=True)

    assert "A host name: lower case, without port." in response.content.decode()
    assert set(StoreHost.objects.filter(store=store).values_list("host", flat=True)) == {
        "aurora.example",
        "shop.aurora.example",
    }
    assert Client(headers={"host": "shop.aurora.example"}).get("/accounts/login/").status_code == 200


def test_one_more_store_opens(console, aurora):
    response = console.post(f"/merchants/{aurora.pk}/stores/new/", NEW_STORE)
    assert response["Location"] == f"/merchants/{aurora.pk}/"

    with merchant_scope(aurora.pk):
        assert {store.name for store in Store.objects.all()} == {"Aurora", "Nova"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"host": "aurora.example"}, "aurora.example is a store&#x27;s address already."),
        ({"store_slug": "aurora"}, "Another store of this merchant is called &#x27;aurora&#x27;."),
    ],
)
def test_a_store_whose_name_or_address_is_taken_does_not_open(console, aurora, change, said):
    response = console.post(f"/merchants/{aurora.pk}/stores/new/", {**NEW_STORE, **change})

    assert form_errors(response) == said
    with merchant_scope(aurora.pk):
        assert Store.objects.get().name == "Aurora"


def test_a_store_of_another_merchant_is_not_found(console, aurora, lumen):
    with merchant_scope(lumen.pk):
        theirs = Store.objects.get()

    for path in ("close/", "reopen/", "hosts/"):
        assert console.post(f"/merchants/{aurora.pk}/stores/{theirs.pk}/{path}").status_code == 404
    for path in ("", "visit/", "stores/new/"):
        assert console.get("/merchants/999999/" + path).status_code in (404, 405)
    assert console.get(f"/merchants/{PLATFORM_MERCHANT_ID}/").status_code == 404
    with merchant_scope(lumen.pk):
        assert Store.objects.get().is_open


def test_pages_run_no_script_and_are_kept_by_nobody(console, aurora):
    for path in ("/", "/merchants/new/", f"/merchants/{aurora.pk}/", "/trail/", "/accounts/second-factor/on/"):
        response = console.get(path)
        assert response.status_code == 200, path
        assert "script-src" not in response["Content-Security-Policy"]
        assert response["Content-Security-Policy"].startswith("default-src 'none'")
        assert "no-store" in response["Cache-Control"]
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=", response.content.decode()), path


@override_settings(OPERATORS_NEED_SECOND_FACTOR=True)
def test_an_operator_needs_a_code_where_the_installation_says_so(console, olga):
    assert console.get("/")["Location"] == "/accounts/second-factor/on/"
    assert console.get("/accounts/second-factor/on/").status_code == 200

    with merchant_scope(PLATFORM_MERCHANT_ID):
        device = TOTPDevice.objects.create(user=olga, name="authenticator")
        session = console.session
        session["otp_device_id"] = device.persistent_id
        session.save()
    assert console.get("/").status_code == 200


def test_an_operator_signs_in_and_out_on_the_platform(olga):
    browser = Client(headers={"host": "platform.localhost"})
    assert browser.get("/")["Location"] == "/accounts/login/?next=/"
    form = {"login-username": "olga@platform.example", "login-password": PASSWORD, "login_submit": "1"}

    assert browser.get("/accounts/login/").status_code == 200
    assert browser.post("/accounts/login/", form)["Location"] == "/"
    assert "Merchants" in browser.get("/").content.decode()
    assert browser.get("/accounts/logout/").status_code == 200
    browser.post("/accounts/logout/")
    assert browser.get("/").status_code == 302


def test_an_operator_who_forgot_the_password_gets_a_letter(olga, django_capture_on_commit_callbacks):
    browser = Client(headers={"host": "platform.localhost"})
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/password-reset/", {"email": olga.email})
    link = re.search(r"//platform\.localhost(/password-reset/\S+)", mail.outbox[0].body)[1]

    assert browser.get("/password-reset/").status_code == 200
    assert browser.get("/password-reset/done/").status_code == 200
    form = browser.get(link)["Location"]
    assert browser.get(form).status_code == 200
    assert (
        browser.post(form, {"new_password1": "another long one", "new_password2": "another long one"}).status_code
        == 302
    )
    assert browser.get("/password-reset/complete/").status_code == 200
    assert browser.get(link).status_code == 200


def test_commands_make_an_operator_and_a_merchant(db):
    out = StringIO()
    call_command("create_operator", "Otto@platform.example", stdout=out)
    link = re.search(r"http://platform\.localhost:\d+(/\S+)", out.getvalue())[1]
    assert Client(headers={"host": "platform.localhost"}).get(link).status_code == 302
    call_command("create_operator", "otto@platform.example", stdout=out)

    words = ["nova", "--name=Nova", "--owner=nea@nova.example", "--host=nova.example", "--currency=EUR"]
    call_command("open_merchant", *words, stdout=out)
    link = re.search(r"http://nova\.example:\d+(/\S+)", out.getvalue())[1]
    assert Client(headers={"host": "nova.example"}).get(link).status_code == 302
    with pytest.raises(CommandError, match="Another merchant is called 'nova'"):
        call_command("open_merchant", *words)
    with pytest.raises(CommandError, match="currency"):
        call_command("open_merchant", "x", "--name=X", "--owner=x@x.example", "--host=x.example", "--currency=XXX")
    with merchant_scope(PLATFORM_MERCHANT_ID):
        assert User.objects.filter(email="otto@platform.example").count() == 1


def test_a_stranger_and_a_merchants_owner_find_no_door(aurora, olga):
    everything = [
        ("/" + str(pattern.pattern)).replace("<int:merchant_id>", str(aurora.pk)).replace("<int:store_id>", "1")
        for pattern in get_resolver("config.urls_platform").url_patterns
        if getattr(pattern, "name", None) in CONSOLE
    ]
    assert len(everything) == len(CONSOLE)
    stranger, employee = (Client(headers={"host": "platform.localhost"}) for _ in range(2))
    with merchant_scope(PLATFORM_MERCHANT_ID):
        employee.force_login(User.objects.create_user("eve@platform.example", PASSWORD))

    for path in everything:
        for method in ("get", "post"):
            assert getattr(stranger, method)(path)["Location"].startswith("/accounts/login/"), path
            assert getattr(employee, method)(path).status_code == 403, path
    owner = Client(headers={"host": "platform.localhost"})
    with merchant_scope(aurora.pk):
        create_nobody = User.objects.create_user("owner@aurora.example", PASSWORD)
    form = {"login-username": create_nobody.email, "login-password": PASSWORD, "login_submit": "1"}
    assert owner.post("/accounts/login/", form).status_code == 200
    assert owner.get("/").status_code == 302
    at_the_store = Client(headers={"host": "aurora.example"})
    for path in everything[1:]:
        assert at_the_store.get(path).status_code == 404, path


CONSOLE = {
    "merchants",
    "new-merchant",
    "merchant",
    "visit",
    "new-store",
    "close-store",
    "reopen-store",
    "add-host",
    "trail",
}


def test_operators_are_the_platforms_only(olga, aurora):
    again = create_operator("olga@platform.example")

    assert again == olga
    with merchant_scope(aurora.pk):
        assert not User.objects.filter(email=olga.email).exists()


def test_a_browser_may_tell_the_console_where_its_forms_come_from(console):
    """Under the policy `no-referrer` they would come from the origin "null", and be refused as forged."""
    assert console.get("/merchants/new/")["Referrer-Policy"] == "same-origin"

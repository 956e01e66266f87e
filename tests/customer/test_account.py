"""What customers keep with a store: name, addresses, password, and the account itself."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from oscar.core.loading import get_model

from shop.accounts.actions import finish_registration
from shop.accounts.links import signed
from shop.accounts.models import User
from shop.address.models import UserAddress
from shop.audit.models import AuditEntry
from shop.checkout.actions import place_order
from shop.customer.actions import adopt_guest_orders, close_account
from shop.customer.errors import StaffAccount
from shop.order.models import Order
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.checkout.shopper import ADDRESS, Shopper, leads_to
from tests.goods import a_product
from tests.trade import a_basket, a_buyer, a_purchase, open_for_trade

pytestmark = pytest.mark.django_db

Basket = get_model("basket", "Basket")
PASSWORD = "correct horse battery"
PAGES = ["customer:profile-view", "customer:profile-update", "customer:change-password", "customer:profile-delete"]
PAGES += ["customer:order-list", "customer:address-list", "customer:address-create", "customer:email-list"]
PAGES += ["customer:alerts-list", "customer:wishlists-list", "customer:notifications-inbox"]


@pytest.fixture
def store(aurora_store):
    return open_for_trade(aurora_store)


@pytest.fixture
def buyer(store):
    return a_buyer()


@pytest.fixture
def shopper(store, buyer):
    return Shopper(store, signed_in_as=buyer)


@pytest.mark.parametrize("page", PAGES)
def test_an_account_page_is_there_for_its_owner_and_in_no_cache(shopper, page):
    answer = shopper.get(page)

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("page", PAGES)
def test_an_account_page_asks_a_visitor_to_sign_in(store, page):
    answer = Shopper(store).get(page)

    assert answer["Location"] == f"/accounts/login/?next={reverse(page)}"


def test_the_profile_tells_nothing_but_name_address_and_since_when(shopper):
    page = shopper.get("customer:profile-view").content.decode()

    names = re.findall(r"<dt>(.*?)</dt>", page)
    assert names == ["Name", "E-mail address", "Customer since"]


def test_the_profile_changes_the_name_and_nothing_else(shopper, buyer):
    changed = {"first_name": "Grace", "last_name": "Hopper", "email": "eve@example.com", "is_staff": "on"}

    assert leads_to(shopper.post("customer:profile-update", changed), "customer:profile-view")

    buyer.refresh_from_db()
    assert (buyer.get_full_name(), buyer.email, buyer.is_staff) == ("Grace Hopper", "grace@example.com", False)


def test_an_address_is_kept_changed_and_deleted(shopper, buyer):
    assert leads_to(shopper.post("customer:address-create", ADDRESS), "customer:address-list")
    address = UserAddress.objects.get(user=buyer)
    assert "1 Canal Street" in shopper.get("customer:address-list").content.decode()

    shopper.post("customer:address-detail", ADDRESS | {"line1": "2 Canal Street"}, args=[address.pk])
    assert UserAddress.objects.get().line1 == "2 Canal Street"

    shopper.post("customer:address-delete", {}, args=[address.pk])
    assert not UserAddress.objects.exists()


def test_the_same_address_is_not_kept_twice(shopper):
    shopper.post("customer:address-create", ADDRESS)

    assert shopper.post("customer:address-create", ADDRESS).status_code == 200
    assert UserAddress.objects.count() == 1


@pytest.mark.parametrize("action", ["default_for_shipping", "default_for_billing"])
def test_one_address_is_the_usual_one(shopper, buyer, action):
    one, other = (
        UserAddress.objects.create(user=buyer, country_id="GB", line1=line, postcode="N1 9GU") for line in "AB"
    )
    for address in (one, other):
        shopper.post("customer:address-change-status", {}, args=[address.pk, action])

    usual = UserAddress.objects.filter(**{f"is_{action}": True})
    assert list(usual) == [other]


def test_a_mere_link_changes_no_address(shopper, buyer):
    address = UserAddress.objects.create(user=buyer, country_id="GB", line1="A", postcode="N1 9GU")

    answer = shopper.get("customer:address-change-status", args=[address.pk, "default_for_shipping"])

    assert answer.status_code == 405
    assert not UserAddress.objects.filter(is_default_for_shipping=True).exists()


def test_a_new_password_asks_for_the_one_there_is(shopper, buyer, django_capture_on_commit_callbacks):
    wrong = {"current": "not it at all", "password": "an entirely new one"}
    assert "That is not your password" in shopper.post("customer:change-password", wrong).content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        right = shopper.post("customer:change-password", wrong | {"current": PASSWORD})

    assert leads_to(right, "customer:profile-view")
    buyer.refresh_from_db()
    assert buyer.check_password("an entirely new one")
    assert shopper.get("customer:profile-view").status_code == 200
    assert mail.outbox[0].to == ["grace@example.com"]


@pytest.mark.parametrize("weak", ["short", "1234567890123", "password123", "grace@example.com"])
def test_a_weak_password_is_refused(shopper, buyer, weak):
    answer = shopper.post("customer:change-password", {"current": PASSWORD, "password": weak})

    assert answer.status_code == 200
    buyer.refresh_from_db()
    assert buyer.check_password(PASSWORD)


def test_a_closed_account_leaves_its_orders_and_nothing_else(store, shopper, buyer):
    order = place_order(a_basket(store, (a_product("Cup", store), 1), owner=buyer), a_purchase(store, buyer=buyer))
    shopper.post("customer:address-create", ADDRESS)

    assert shopper.post("customer:profile-delete", {"password": PASSWORD})["Location"] == "/"

    order.refresh_from_db()
    assert (order.user, order.email) == (None, "grace@example.com")
    assert not User.objects.filter(email="grace@example.com").exists()
    assert not UserAddress.objects.exists()
    assert AuditEntry.objects.get(action="account.closed").actor_label == "grace@example.com"
    assert shopper.get("customer:profile-view").status_code == 302


def test_without_the_password_no_account_is_closed(shopper):
    answer = shopper.post("customer:profile-delete", {"password": "wrong wrong wrong"})

    assert "That is not your password" in answer.content.decode()
    assert User.objects.filter(email="grace@example.com").exists()


def test_who_works_for_the_merchant_cannot_close_the_account_alone(store, shopper, buyer):
    User.objects.filter(pk=buyer.pk).update(is_staff=True)

    answer = shopper.post("customer:profile-delete", {"password": PASSWORD})

    assert "ask its owner" in answer.content.decode()
    with pytest.raises(StaffAccount):
        close_account(User.objects.get(pk=buyer.pk))


def test_a_new_account_is_given_what_its_owner_ordered_as_a_guest(store, client):
    order = place_order(a_basket(store, (a_product("Cup", store), 1)), a_purchase(store))
    other = place_order(a_basket(store, (a_product("Cup", store), 1)), a_purchase(store, guest_email="eve@example.com"))
    token = signed("registration", email="ada@example.com", next="")
    path = reverse("accounts:finish-registration", args=[token])

    client.post(path, {"password": "correct horse battery"}, headers={"host": "aurora.example"})

    ada = User.objects.get(email="ada@example.com")
    assert list(Order.objects.of_buyer(ada)) == [order]
    other.refresh_from_db()
    assert other.user is None


def test_the_same_person_has_an_account_with_each_merchant(store):
    other = cast_merchant("other")
    with merchant_scope(other.pk):
        finish_registration(signed("registration", email="grace@example.com", next=""), "correct horse battery")
        assert adopt_guest_orders(User.objects.get()) == 0
    place_order(a_basket(store, (a_product("Cup", store), 1)), a_purchase(store, guest_email="grace@example.com"))

    with merchant_scope(other.pk):
        assert adopt_guest_orders(User.objects.get()) == 0
    assert adopt_guest_orders(a_buyer()) == 1


def test_a_stranger_changes_nothing(store, buyer):
    address = UserAddress.objects.create(user=buyer, country_id="GB", line1="A", postcode="N1 9GU")
    mallory = Shopper(store, signed_in_as=a_buyer("mallory@example.com"))

    for page in ("customer:address-detail", "customer:address-delete"):
        assert mallory.get(page, args=[address.pk]).status_code == 404
        assert mallory.post(page, ADDRESS, args=[address.pk]).status_code == 404
    usual = mallory.post("customer:address-change-status", {}, args=[address.pk, "default_for_shipping"])
    assert usual.status_code == 404
    assert "1 Canal" not in mallory.get("customer:address-list").content.decode()
    address.refresh_from_db()
    assert (address.user, address.line1, address.is_default_for_shipping) == (buyer, "A", False)

"""The staff's page, and what else only owners do."""

import re

import pytest
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.audit.actions import record
from shop.audit.models import AuditEntry
from shop.audit.words import said_of
from shop.staff.actions import grant_role
from shop.staff.models import StaffMembership, StaffPolicy
from shop.staff.roles import Role
from shop.stores.models import Store
from shop.stores.scope import merchant_scope

pytestmark = pytest.mark.django_db

Partner = get_model("partner", "Partner")
PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def in_scope(aurora):
    with merchant_scope(aurora.pk):
        yield


@pytest.fixture
def olive(in_scope) -> User:
    user = User.objects.create_user("olive@aurora.example", PASSWORD)
    grant_role(user, Role.OWNER, by=None)
    return user


@pytest.fixture
def owner(olive) -> Client:
    client = Client(headers={"host": "aurora.example"})
    client.force_login(olive)
    return client


@pytest.fixture
def ada(in_scope) -> User:
    user = User.objects.create_user("ada@aurora.example", PASSWORD)
    grant_role(user, Role.ORDERS, by=None)
    return user


def roles(user: User) -> list[str]:
    return sorted(user.staff_memberships.values_list("role", flat=True))


def test_whoever_is_invited_chooses_a_password_and_works(owner, mailoutbox, django_capture_on_commit_callbacks):
    store = Store.objects.get()
    assert owner.get("/dashboard/staff/invite/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        form = {"email": "Nea@people.example", "role": "orders", "stores": [store.pk]}
        assert owner.post("/dashboard/staff/invite/", form)["Location"] == "/dashboard/staff/"

    letter = mailoutbox[0]
    assert (letter.to, letter.subject) == (["nea@people.example"], "You work for Aurora")
    nea = Client(headers={"host": "aurora.example"})
    link = re.search(r"http://aurora\.example(/password-reset/\S+)", letter.body)[1]
    nea.post(nea.get(link)["Location"], {"new_password1": PASSWORD, "new_password2": PASSWORD})
    form = {"login-username": "nea@people.example", "login-password": PASSWORD, "login_submit": "1"}
    assert nea.post("/accounts/login/", form)["Location"] == "/dashboard/"
    assert nea.get("/dashboard/orders/").status_code == 200
    assert list(StaffMembership.objects.get(user__email="nea@people.example").stores.all()) == [store]


def test_an_account_that_exists_gets_a_role_and_keeps_its_password(
    owner, ada, mailoutbox, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        owner.post("/dashboard/staff/invite/", {"email": ada.email, "role": "analyst"})

    assert roles(ada) == ["analyst", "orders"]
    assert "/accounts/login/" in mailoutbox[0].body
    assert "password-reset" not in mailoutbox[0].body


@pytest.mark.parametrize(
    "form",
    [
        {"email": "nea@people.example", "role": "supplier"},
        {"email": "nea@people.example", "role": "king"},
        {"email": "nobody", "role": "orders"},
        {"email": "ada@aurora.example", "role": "supplier", "partner": "any"},
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(owner, ada, form):
    if form.get("partner"):
        form = {**form, "partner": Partner.objects.create(name="Soaps").pk}

    assert owner.post("/dashboard/staff/invite/", form).status_code == 200
    assert StaffMembership.objects.count() == 2


def test_an_owner_changes_and_takes_roles(owner, ada):
    path = f"/dashboard/staff/{ada.pk}/"
    assert owner.get(path).status_code == 200

    owner.post(path + "grant/", {"role": "catalogue"})
    assert roles(ada) == ["catalogue", "orders"]
    assert owner.post(path + "grant/", {"role": "supplier"}).status_code == 200
    for membership in ada.staff_memberships.all():
        last = owner.post(f"{path}revoke/{membership.pk}/")
    assert roles(ada) == []
    assert last["Location"] == "/dashboard/staff/"
    assert owner.get(path).status_code == 404


def test_a_member_who_is_switched_off_is_out_at_once(owner, ada):
    browser = Client(headers={"host": "aurora.example"})
    browser.force_login(ada)
    assert browser.get("/dashboard/orders/").status_code == 200

    owner.post(f"/dashboard/staff/{ada.pk}/switch/")
    assert browser.get("/dashboard/orders/").status_code == 302
    form = {"login-username": ada.email, "login-password": PASSWORD, "login_submit": "1"}
    assert browser.post("/accounts/login/", form).status_code == 200

    owner.post(f"/dashboard/staff/{ada.pk}/switch/")
    assert browser.post("/accounts/login/", form).status_code == 302
    assert {entry.action for entry in AuditEntry.objects.filter(target_id=str(ada.pk))} >= {
        "staff.switched_off",
        "staff.switched_on",
    }


def test_whoever_is_switched_off_is_not_invited(owner, ada):
    owner.post(f"/dashboard/staff/{ada.pk}/switch/")

    assert owner.post("/dashboard/staff/invite/", {"email": ada.email, "role": "analyst"}).status_code == 200
    assert roles(ada) == ["orders"]


def test_the_last_owner_can_not_lock_the_merchant_out(owner, olive):
    path = f"/dashboard/staff/{olive.pk}/"
    membership = olive.staff_memberships.get()

    page = owner.post(f"{path}revoke/{membership.pk}/", follow=True)
    assert "make somebody else one first" in page.content.decode()
    owner.post(path + "switch/")

    assert User.objects.get(pk=olive.pk).is_active
    assert roles(olive) == ["owner"]


def test_a_merchant_may_ask_for_a_second_factor(owner, olive, ada):
    browser = Client(headers={"host": "aurora.example"})
    browser.force_login(ada)
    owner.post("/dashboard/staff/policy/", {"requires_second_factor": "on"})

    for path in ("/dashboard/orders/", "/cms/"):
        assert browser.get(path)["Location"] == "/accounts/second-factor/on/", path
    assert browser.get("/accounts/second-factor/on/").status_code == 200
    session = browser.session
    session["otp_device_id"] = TOTPDevice.objects.create(user=ada, name="authenticator").persistent_id
    session.save()
    assert browser.get("/dashboard/orders/").status_code == 200
    assert AuditEntry.objects.get(action="staff.policy_changed").details == {"requires_second_factor": True}
    assert owner.get("/dashboard/staff/")["Location"] == "/accounts/second-factor/on/"


def test_who_lost_the_telephone_is_let_in_by_an_owner(owner, ada, mailoutbox, django_capture_on_commit_callbacks):
    TOTPDevice.objects.create(user=ada, name="authenticator", confirmed=True)
    assert "switch their code off" in owner.get(f"/dashboard/staff/{ada.pk}/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        owner.post(f"/dashboard/staff/{ada.pk}/second-factor-off/")

    assert not TOTPDevice.objects.exists()
    assert mailoutbox[0].to == [ada.email]
    assert AuditEntry.objects.get(action="account.second_factor_switched_off").actor_label == "olive@aurora.example"


def test_the_staff_page_shows_members_and_no_stand_ins(owner, ada):
    stand_in = User.objects.create_user("operator-1@platform.localhost", None)
    User.objects.filter(pk=stand_in.pk).update(stands_for_operator=True)
    grant_role(stand_in, Role.OWNER, by=None)

    page = owner.get("/dashboard/staff/").content.decode()

    assert "ada@aurora.example" in page
    assert "operator-1" not in page
    assert owner.get(f"/dashboard/staff/{stand_in.pk}/").status_code == 404
    StaffPolicy.objects.create(requires_second_factor=False)
    assert owner.get("/dashboard/staff/").status_code == 200


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"staff.role_granted", "api.seen", "apiary.done"}),
        ("action=api", {"api.seen"}),
        ("who=ada@aurora.example", {"api.seen"}),
        ("since=2020-01-01&until=2020-01-02", set()),
        ("since=2020-01-01", {"staff.role_granted", "api.seen", "apiary.done"}),
        ("since=nonsense", {"staff.role_granted", "api.seen", "apiary.done"}),
    ],
)
def test_the_trail_is_filtered(owner, ada, query, shown):
    record("api.seen", by=ada, note="<b>x</b>")
    record("apiary.done", by=None)

    page = owner.get(f"/dashboard/audit/?{query}").content.decode()

    assert {action for action in ("staff.role_granted", "api.seen", "apiary.done") if in_words(action) in page} == shown
    assert "<b>x</b>" not in page


def in_words(action: str) -> str:
    return f">{said_of(action)}</td>"


def test_the_trail_has_pages(owner, ada):
    for _ in range(60):
        record("api.seen", by=ada)

    assert "page=2" in owner.get("/dashboard/audit/?action=api").content.decode()
    assert owner.get("/dashboard/audit/?action=api&page=2").content.decode().count(in_words("api.seen")) == 10


def test_a_stranger_and_the_rest_of_the_staff_change_no_roles(owner, olive, ada, lumen):
    browser = Client(headers={"host": "aurora.example"})
    browser.force_login(ada)
    with merchant_scope(lumen.pk):
        eve = User.objects.create_user("eve@lumen.example", PASSWORD)
        grant_role(eve, Role.OWNER, by=None)

    assert browser.post(f"/dashboard/staff/{ada.pk}/grant/", {"role": "owner"}).status_code == 403
    assert owner.get(f"/dashboard/staff/{eve.pk}/").status_code == 404
    assert owner.post(f"/dashboard/staff/{eve.pk}/switch/").status_code == 404
    assert roles(ada) == ["orders"]
    with merchant_scope(lumen.pk):
        assert User.objects.get(pk=eve.pk).is_active

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from oscar.core.loading import get_model
from wagtail.models import Collection, Page

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.staff import roles
from shop.staff.actions import grant_role, renew_groups_everywhere, revoke_role
from shop.staff.checks import roles_name_real_permissions
from shop.staff.errors import LastOwner, RoleRefused
from shop.staff.models import StaffMembership
from shop.staff.reach import reach_of
from shop.staff.roles import POWERS, Role
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope

pytestmark = [pytest.mark.django_db, pytest.mark.data]

Partner = get_model("partner", "Partner")


@pytest.fixture
def ada(in_aurora) -> User:
    return User.objects.create_user("ada@aurora.example", "a long password")


@pytest.fixture
def second_store(aurora_store) -> Store:
    return open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example"))


def again(user: User) -> User:
    """The user as the next request reads them, without remembered permissions."""
    return User.objects.get(pk=user.pk)


def test_every_role_has_its_powers_and_names_real_permissions():
    assert POWERS.keys() == set(Role)
    assert roles_name_real_permissions(None) == []


def test_a_permission_that_does_not_exist_stops_the_start(monkeypatch):
    monkeypatch.setitem(POWERS, Role.ANALYST, roles.Powers(permissions=frozenset({"order.read_minds"})))

    assert [error.id for error in roles_name_real_permissions(None)] == ["staff.E001"]


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SUPPLIER}))
def test_a_role_gives_what_it_declares_and_nothing_else(ada, role):
    grant_role(ada, role, by=None)

    powers = POWERS[role]
    settings = {name for name in again(ada).get_all_permissions() if name.startswith("cms_pages.change_")}
    assert again(ada).get_all_permissions() - settings == powers.permissions | powers.everywhere
    assert not settings or powers.has_settings
    assert not again(ada).is_superuser


@pytest.mark.parametrize("role", sorted(set(Role) - roles.UNLIMITED))
def test_a_member_of_some_stores_does_not_get_what_knows_no_store(ada, aurora_store, second_store, role):
    grant_role(ada, role, by=None, stores=[aurora_store])

    assert again(ada).get_all_permissions() == POWERS[role].permissions


def test_an_editor_of_one_store_edits_its_pages_and_media_only(ada, aurora_store, second_store):
    grant_role(ada, Role.EDITOR, by=None, stores=[second_store])

    for store, is_reached in ((aurora_store, False), (second_store, True)):
        tester = store.site.root_page.permissions_for_user(again(ada))
        assert (tester.can_edit(), tester.can_publish()) == (is_reached, is_reached)
    assert not Page.get_first_root_node().permissions_for_user(again(ada)).can_edit()
    own = again(ada).groups.get(name=f"staff: editor in store {second_store.pk}")
    assert {row.collection.name for row in own.collection_permissions.all()} == {"Clinics"}
    assert Collection.objects.get(name="Clinics").get_parent() == Collection.get_first_root_node()


def test_an_editor_of_all_stores_edits_those_opened_later_as_well(ada, aurora_store):
    grant_role(ada, Role.EDITOR, by=None)

    later = open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example"))
    assert later.site.root_page.permissions_for_user(again(ada)).can_edit()


def test_a_role_that_is_held_already_is_changed(ada, aurora_store, second_store):
    grant_role(ada, Role.ORDERS, by=None)
    grant_role(ada, Role.ORDERS, by=None, stores=[second_store])

    assert list(StaffMembership.objects.get().stores.all()) == [second_store]
    assert again(ada).groups.filter(name__contains="in all stores").count() == 0


def test_reach_is_what_the_roles_with_a_permission_reach_together(ada, aurora_store, second_store):
    grant_role(ada, Role.ORDERS, by=None, stores=[aurora_store])
    grant_role(ada, Role.CATALOGUE, by=None, stores=[second_store])
    grant_role(ada, Role.ANALYST, by=None)

    assert list(reach_of(again(ada), "order.change_order").stores()) == [aurora_store]
    assert list(reach_of(again(ada), "reviews.view_productreview").stores()) == [second_store]
    assert reach_of(again(ada), "catalogue.view_product").is_unlimited
    assert not reach_of(again(ada), "staff.add_staffmembership").stores().exists()
    assert reach_of(again(ada), "order.change_order").covers(aurora_store.pk)
    assert not reach_of(again(ada), "order.change_order").covers(second_store.pk)
    assert not reach_of(again(ada), "order.change_order").covers(None)


def test_revoking_takes_everything_back(ada, aurora_store):
    membership = grant_role(ada, Role.ORDERS, by=None, stores=[aurora_store])

    revoke_role(membership, by=None)

    assert again(ada).get_all_permissions() == set()
    assert not again(ada).is_staff
    assert not again(ada).groups.exists()


def test_groups_that_are_not_of_a_role_are_left_alone(ada):
    friends = Group.objects.create(name="Friends")
    ada.groups.add(friends)

    revoke_role(grant_role(ada, Role.ORDERS, by=None), by=None)

    assert list(again(ada).groups.all()) == [friends]


def test_the_last_owner_stays(ada):
    membership = grant_role(ada, Role.OWNER, by=None)
    other = User.objects.create_user("ben@aurora.example", "a long password")
    other_membership = grant_role(other, Role.OWNER, by=ada)
    revoke_role(other_membership, by=ada)

    with pytest.raises(LastOwner):
        revoke_role(membership, by=ada)
    assert again(ada).has_perm("staff.delete_staffmembership")


def test_an_owner_who_cannot_sign_in_is_none(ada):
    membership = grant_role(ada, Role.OWNER, by=None)
    other = User.objects.create_user("ben@aurora.example", "a long password")
    grant_role(other, Role.OWNER, by=None)
    User.objects.filter(pk=other.pk).update(is_active=False)

    with pytest.raises(LastOwner):
        revoke_role(membership, by=ada)


def test_a_supplier_works_for_one_partner_and_is_no_staff_of_the_merchants(ada):
    candles, soaps = Partner.objects.create(name="Candles"), Partner.objects.create(name="Soaps")
    grant_role(ada, Role.SUPPLIER, by=None, partner=candles)
    membership = grant_role(ada, Role.SUPPLIER, by=None, partner=soaps)

    assert list(ada.partners.all()) == [soaps]
    assert again(ada).get_all_permissions() == {"partner.dashboard_access"}
    assert not again(ada).is_staff

    revoke_role(membership, by=None)
    assert not ada.partners.exists()


def test_a_role_that_makes_no_sense_is_refused(ada, aurora_store):
    candles = Partner.objects.create(name="Candles")
    for role, options in [
        (Role.SUPPLIER, {}),
        (Role.ORDERS, {"partner": candles}),
        (Role.OWNER, {"stores": [aurora_store]}),
        (Role.SUPPLIER, {"partner": candles, "stores": [aurora_store]}),
    ]:
        with pytest.raises(RoleRefused):
            grant_role(ada, role, by=None, **options)
    grant_role(ada, Role.ORDERS, by=None)
    with pytest.raises(RoleRefused):
        grant_role(ada, Role.SUPPLIER, by=None, partner=candles)
    with pytest.raises(ValueError, match="king"):
        grant_role(ada, "king", by=None)
    assert [membership.role for membership in StaffMembership.objects.all()] == [Role.ORDERS]


def test_every_change_of_a_role_is_in_the_trail(ada, aurora_store):
    owner = User.objects.create_user("ben@aurora.example", "a long password")
    revoke_role(grant_role(ada, Role.ORDERS, by=owner, stores=[aurora_store]), by=owner)

    revoked, granted = AuditEntry.objects.all()
    assert (granted.action, granted.actor_label, granted.target_label) == (
        "staff.role_granted",
        "ben@aurora.example",
        "ada@aurora.example",
    )
    assert granted.details == {"role": "orders", "stores": ["aurora"], "partner": None}
    assert (revoked.action, revoked.details) == ("staff.role_revoked", {"role": "orders"})


def test_a_release_that_changes_a_role_changes_it_for_every_merchant(aurora, lumen, monkeypatch):
    people = []
    for merchant in (aurora, lumen):
        with merchant_scope(merchant.pk):
            person = User.objects.create_user("ada@people.example", "a long password")
            grant_role(person, Role.ANALYST, by=None)
            people.append((merchant, person))
    monkeypatch.setitem(POWERS, Role.ANALYST, roles.Powers(permissions=frozenset({"order.view_order"})))

    renew_groups_everywhere()

    for merchant, person in people:
        with merchant_scope(merchant.pk):
            assert again(person).get_all_permissions() == {"order.view_order"}
    assert apps.get_app_config("staff").after_migrate() is None


def test_a_stranger_gets_no_role_and_no_store_of_another_merchant(ada, aurora_store, lumen):
    with merchant_scope(lumen.pk):
        theirs = Store.objects.get()
        stranger = User.objects.create_user("ada@aurora.example", "a long password")
        assert stranger.get_all_permissions() == set()

    with pytest.raises(RoleRefused):
        grant_role(ada, Role.ORDERS, by=None, stores=[theirs])
    with pytest.raises(RoleRefused):
        grant_role(stranger, Role.ORDERS, by=None)
    assert not StaffMembership.objects.exists()

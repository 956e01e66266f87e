import pytest
from django.contrib.auth.models import Group
from django.db import InternalError, ProgrammingError, connection, transaction
from django.db.utils import DataError, IntegrityError

from shop.accounts.models import User
from shop.stores.errors import NoScope
from shop.stores.models import Merchant
from shop.stores.scope import bound_to_scope, current_merchant_id, merchant_scope, own_scope, remembered_merchant

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def test_a_query_outside_every_scope_raises():
    with pytest.raises((ProgrammingError, DataError)), transaction.atomic():
        Group.objects.count()


def test_a_merchant_sees_only_its_own_rows(aurora, lumen):
    with merchant_scope(aurora.pk):
        Group.objects.create(name="Buyers")

    with merchant_scope(lumen.pk):
        assert not Group.objects.filter(name="Buyers").exists()
        assert list(Merchant.objects.all()) == [lumen]


def test_the_same_name_may_be_used_by_both_merchants(aurora, lumen):
    for merchant in (aurora, lumen):
        with merchant_scope(merchant.pk):
            User.objects.create_user("sam@example.com", "a long password")

    with merchant_scope(aurora.pk), pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("SAM@example.com", "another password")


def test_a_row_cannot_be_written_for_another_merchant(aurora, lumen):
    with merchant_scope(aurora.pk), pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
        User.objects.create(email="sam@example.com", merchant_id=lumen.pk)


def test_a_foreign_key_cannot_point_at_another_merchants_row(aurora, lumen):
    with merchant_scope(lumen.pk):
        group = Group.objects.create(name="Buyers")

    with merchant_scope(aurora.pk):
        user = User.objects.create_user("sam@example.com", "a long password")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="accounts_user_groups_group_id"), transaction.atomic():
            user.groups.through.objects.create(user_id=user.pk, group_id=group.pk)


def test_scopes_nest_and_restore(aurora, lumen):
    with merchant_scope(aurora.pk):
        with merchant_scope(lumen.pk):
            assert (current_merchant_id(), setting()) == (lumen.pk, str(lumen.pk))
        assert (current_merchant_id(), setting()) == (aurora.pk, str(aurora.pk))
        with pytest.raises(ZeroDivisionError), merchant_scope(lumen.pk):
            raise ZeroDivisionError
        assert (current_merchant_id(), setting()) == (aurora.pk, str(aurora.pk))
    assert (current_merchant_id(), setting()) == (None, "")


def test_what_runs_after_commit_runs_in_the_scope_that_asked_for_it(aurora, django_capture_on_commit_callbacks):
    seen = []
    with django_capture_on_commit_callbacks(execute=True), merchant_scope(aurora.pk):
        transaction.on_commit(lambda: seen.append(current_merchant_id()))
    assert seen == [aurora.pk]


def test_after_commit_refuses_what_cannot_be_called():
    with pytest.raises(TypeError):
        transaction.on_commit("not a function")


def test_own_scope_needs_to_know_the_merchant():
    with pytest.raises(NoScope), own_scope():
        pass


def test_a_function_bound_to_no_scope_stays_as_it_is():
    assert bound_to_scope(len) is len


def test_a_remembered_merchant_is_forgotten_behind_it():
    with remembered_merchant(7):
        assert current_merchant_id() == 7
    assert current_merchant_id() is None


def test_the_application_role_owns_nothing_and_obeys_row_security():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            cursor.execute("TRUNCATE auth_group CASCADE")


def setting() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('stoa.merchant', true)")
        return cursor.fetchone()[0]

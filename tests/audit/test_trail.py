import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import override_settings

from shop.accounts.models import User
from shop.audit.actions import record
from shop.audit.models import AuditEntry
from shop.audit.origin import Origin, coming_from
from shop.stores import tenancy
from shop.stores.catalog import read_tables
from shop.stores.scope import merchant_scope

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def test_an_entry_says_who_did_what_to_whom_from_where(in_aurora, aurora_store):
    ada = User.objects.create_user("ada@aurora.example", "a long password")
    with coming_from(Origin("192.0.2.7", "r-1")):
        record("store.closed", by=ada, target=aurora_store, store=aurora_store, reason="stocktaking")

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.actor_label) == ("store.closed", ada, "ada@aurora.example")
    assert (entry.target_type, entry.target_id, entry.target_label) == ("stores.store", str(aurora_store.pk), "Aurora")
    assert (entry.store, entry.details) == (aurora_store, {"reason": "stocktaking"})
    assert (entry.address, entry.request_id) == ("192.0.2.7", "r-1")
    assert entry.at is not None


def test_the_database_itself_refuses_to_change_or_delete_an_entry(in_aurora):
    record("store.closed", by=None)

    for statement in (
        "UPDATE audit_auditentry SET action = 'x'",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
    ):
        denied = pytest.raises(ProgrammingError, match="permission denied")
        with denied, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert AuditEntry.objects.get().action == "store.closed"


def test_every_append_only_table_is_owned_and_grants_no_more():
    with connection.cursor() as cursor:
        tables = read_tables(cursor, role=tenancy.runtime_role())

    assert tenancy.owned_tables() >= tenancy.APPEND_ONLY
    for name in tenancy.APPEND_ONLY:
        assert tables[name].privileges == {"SELECT", "INSERT"}, name


def test_an_entry_outlives_its_actor_and_its_target(in_aurora):
    ada = User.objects.create_user("ada@aurora.example", "a long password")
    record("staff.resigned", by=ada, target=ada)

    ada.delete()

    entry = AuditEntry.objects.get()
    assert (entry.actor_label, entry.target_label) == ("ada@aurora.example", "ada@aurora.example")


@override_settings(TRUSTED_PROXIES=())
def test_a_request_leaves_its_address_and_its_id(client, aurora):
    response = client.get("/", headers={"host": "aurora.example", "x-forwarded-for": "198.51.100.9"})

    assert len(response["X-Request-ID"]) == 32


def test_a_stranger_reads_nothing_of_the_trail(aurora, lumen):
    with merchant_scope(aurora.pk):
        record("store.closed", by=None)

    with merchant_scope(lumen.pk):
        assert not AuditEntry.objects.exists()

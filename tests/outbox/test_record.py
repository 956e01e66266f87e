import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from shop.outbox.actions import record
from shop.outbox.models import OutboxEvent
from shop.stores.scope import merchant_scope

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def test_an_event_says_what_happened_to_what_in_which_store(aurora_store):
    event = record("store.opened", aurora_store, store=aurora_store, door="front")

    kept = OutboxEvent.objects.get(pk=event.pk)
    assert (kept.kind, kept.subject_type, kept.subject_id) == ("store.opened", "stores.store", str(aurora_store.pk))
    assert (kept.store, kept.payload) == (aurora_store, {"door": "front"})


def test_what_is_rolled_back_did_not_happen(aurora_store):
    with transaction.atomic():
        record("store.opened", aurora_store)
        transaction.set_rollback(True)

    assert not OutboxEvent.objects.exists()


@pytest.mark.parametrize("change", [lambda rows: rows.update(kind="store.closed"), lambda rows: rows.delete()])
def test_the_database_lets_no_event_be_changed(aurora_store, change):
    record("store.opened", aurora_store)

    with pytest.raises(DatabaseError), transaction.atomic():
        change(OutboxEvent.objects.all())

    assert OutboxEvent.objects.get().kind == "store.opened"


def test_the_other_merchant_sees_none_of_it(aurora_store, lumen):
    record("store.opened", aurora_store)

    with merchant_scope(lumen.pk):
        assert not OutboxEvent.objects.exists()

"""Who subscribed to an event is told of it: at least once, again when it fails, and in the end visibly not."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models.functions import Now

from shop.audit.models import AuditEntry
from shop.outbox.actions import record, replay
from shop.outbox.consumers import subscribe
from shop.outbox.draining import AT_ONCE, LEASE_S, claim, deliver, drain, drain_all
from shop.outbox.errors import AlreadySubscribed, Rejected
from shop.outbox.models import Delivery, DeliveryState, OutboxEvent
from shop.outbox.pauses import LONGEST_PAUSE_S, MAX_TRIES, pause_after
from shop.outbox.querysets import merchants_with_due_deliveries
from shop.stores.models import Store
from shop.stores.scope import current_merchant_id, merchant_scope
from tests.outbox.consumers import told
from tests.trade import a_buyer

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def heard():
    """A consumer of `store.opened`, and what it was told."""
    events: list[OutboxEvent] = []
    with told(events.append):
        yield events


@pytest.fixture
def fails():
    """A consumer that raises what this list holds."""
    errors: list[Exception] = [OSError("nobody is there")]

    def fail(event: OutboxEvent) -> None:
        raise errors[0]

    with told(fail):
        yield errors


def let_time_pass() -> None:
    """Until the next try."""
    Delivery.objects.waiting().update(due_at=Now())


def seconds_until_due(delivery: Delivery) -> float:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM due_at - statement_timestamp()) FROM outbox_delivery WHERE id = %s",
            [delivery.pk],
        )
        return float(cursor.fetchone()[0])


def test_a_consumer_is_told_of_the_events_of_its_kinds_and_once(aurora, aurora_store, heard):
    event = record("store.opened", aurora_store)
    record("store.closed", aurora_store)

    assert drain(aurora.pk) == 1
    assert drain(aurora.pk) == 0

    assert heard == [event]
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.error) == (DeliveryState.DONE, 1, "")
    assert delivery.ended_at is not None


def test_each_consumer_is_told_whatever_another_does(aurora, aurora_store, heard):
    def fail(event: OutboxEvent) -> None:
        raise OSError("down")

    with told(fail, name="broken"):
        record("store.opened", aurora_store)
        drain(aurora.pk)

    assert len(heard) == 1
    assert dict(Delivery.objects.values_list("consumer", "state")) == {"listener": "done", "broken": "waiting"}


def test_a_consumer_works_in_the_scope_of_the_event(aurora, lumen, aurora_store):
    scopes = []
    with told(lambda event: scopes.append(current_merchant_id())):
        record("store.opened", aurora_store)
        drain_all()

    assert scopes == [aurora.pk]


def test_what_is_rolled_back_is_delivered_to_nobody(aurora, aurora_store, heard):
    with transaction.atomic():
        record("store.opened", aurora_store)
        transaction.set_rollback(True)

    assert drain(aurora.pk) == 0
    assert heard == []


def test_what_fails_is_tried_again_after_a_pause_that_grows(aurora, aurora_store, fails):
    record("store.opened", aurora_store)

    pauses = []
    for _ in range(3):
        drain(aurora.pk)
        pauses.append(seconds_until_due(Delivery.objects.get()))
        let_time_pass()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.error) == (DeliveryState.WAITING, 3, "nobody is there")
    assert [11 < pauses[0] < 19, 22 < pauses[1] < 38, 45 < pauses[2] < 75] == [True, True, True]


def test_it_is_delivered_as_soon_as_the_other_side_is_back(aurora, aurora_store):
    answers = [OSError("down"), None]

    def handle(event: OutboxEvent) -> None:
        if answer := answers.pop(0):
            raise answer

    with told(handle):
        record("store.opened", aurora_store)
        drain(aurora.pk)
        let_time_pass()
        drain(aurora.pk)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.error) == (DeliveryState.DONE, 2, "")


def test_pauses_are_spread_and_have_an_end():
    assert [pause_after(1, chance=chance) for chance in (0, 0.5, 1)] == [11.25, 15, 18.75]
    pauses = [pause_after(tries, chance=0.5) for tries in range(1, MAX_TRIES)]
    assert max(pauses) == LONGEST_PAUSE_S
    assert timedelta(hours=5) < timedelta(seconds=sum(pauses)) < timedelta(hours=8)


def test_what_keeps_failing_is_parked_and_stays(aurora, aurora_store, fails, caplog):
    record("store.opened", aurora_store)

    for _ in range(MAX_TRIES + 3):
        drain(aurora.pk)
        let_time_pass()

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.error) == (DeliveryState.PARKED, MAX_TRIES, "nobody is there")


def test_what_no_try_can_mend_is_parked_at_once(aurora, aurora_store, fails):
    fails[0] = Rejected("no such mailbox")
    record("store.opened", aurora_store)

    drain(aurora.pk)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.error) == (DeliveryState.PARKED, 1, "no such mailbox")


def test_a_consumer_that_is_gone_leaves_what_was_for_it_parked(aurora, aurora_store):
    with told(lambda event: None, name="loyalty"):
        record("store.opened", aurora_store)

    drain(aurora.pk)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.error) == (DeliveryState.PARKED, "Nobody here is called 'loyalty'.")


def test_what_kills_each_process_is_parked_in_the_end(aurora, aurora_store, heard):
    record("store.opened", aurora_store)
    for _ in range(MAX_TRIES):
        assert claim() is not None  # and the process ends here
        let_time_pass()

    drain(aurora.pk)

    assert heard == []
    assert Delivery.objects.get().state == DeliveryState.PARKED


def test_a_lease_keeps_others_away_and_ends(aurora, aurora_store, heard):
    record("store.opened", aurora_store)

    lost = claim()

    assert LEASE_S - 5 < seconds_until_due(lost) <= LEASE_S
    assert drain(aurora.pk) == 0
    let_time_pass()
    assert drain(aurora.pk) == 1
    assert Delivery.objects.get().state == DeliveryState.DONE


def test_who_has_lost_the_lease_marks_nothing(aurora, aurora_store, fails):
    record("store.opened", aurora_store)
    late = claim()
    let_time_pass()
    claim()

    deliver(late)

    delivery = Delivery.objects.get()
    assert (delivery.tries, delivery.error) == (2, "")


def test_one_merchants_flood_leaves_the_others_their_turn(aurora, lumen, heard):
    for merchant, count in ((aurora, AT_ONCE + 1), (lumen, 1)):
        with merchant_scope(merchant.pk):
            for _ in range(count):
                record("store.opened", Store.objects.get())

    assert drain_all() == AT_ONCE + 2

    order = [event.merchant_id for event in heard]
    assert order.index(lumen.pk) <= AT_ONCE


def test_draining_ends_when_it_is_told_to(aurora, aurora_store, heard):
    for _ in range(3):
        record("store.opened", aurora_store)

    drain_all(is_over=lambda: len(heard) == 2)

    assert len(heard) == 2
    assert Delivery.objects.waiting().filter(tries=0).count() == 1


def test_what_is_parked_is_replayed_with_all_its_tries(aurora, aurora_store, fails):
    record("store.opened", aurora_store)
    fails[0] = Rejected("closed")
    drain(aurora.pk)
    fails[0] = OSError("down")
    owner = a_buyer("owner@aurora.example")

    assert replay(Delivery.objects.all(), by=owner) == 1
    drain(aurora.pk)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries, delivery.error) == (DeliveryState.WAITING, 1, "down")
    entry = AuditEntry.objects.get(action="outbox.replayed")
    assert (entry.actor, entry.details) == (owner, {"deliveries": [delivery.pk]})


def test_what_is_done_or_under_way_is_not_replayed(aurora, aurora_store, heard):
    for _ in range(2):
        record("store.opened", aurora_store)
    deliver(claim())
    claim()

    assert replay(Delivery.objects.all(), by=a_buyer()) == 0

    assert set(Delivery.objects.values_list("state", "tries")) == {("done", 1), ("waiting", 1)}


def test_two_consumers_cannot_have_one_name(heard):
    with pytest.raises(AlreadySubscribed):
        subscribe("listener", {"store.closed"}, print)


def test_an_event_that_nobody_waits_for_costs_one_statement(aurora_store, django_assert_num_queries):
    with django_assert_num_queries(1):
        record("store.opened", aurora_store)


def test_the_database_tells_whose_turn_it_is_and_nothing_more(aurora, lumen, aurora_store, heard):
    record("store.opened", aurora_store)

    assert merchants_with_due_deliveries() == [aurora.pk]
    drain_all()
    assert merchants_with_due_deliveries() == []


def test_the_other_merchant_delivers_and_replays_nothing_of_it(aurora, lumen, aurora_store, fails):
    fails[0] = Rejected("closed")
    record("store.opened", aurora_store)

    with merchant_scope(lumen.pk):
        assert drain(lumen.pk) == 0
        assert not Delivery.objects.exists()
    drain(aurora.pk)
    with merchant_scope(lumen.pk):
        assert replay(Delivery.objects.all(), by=a_buyer()) == 0
    assert Delivery.objects.get().state == DeliveryState.PARKED


def test_a_delivery_cannot_be_of_the_other_merchants_event(lumen, aurora_store):
    event = record("store.opened", aurora_store)

    with pytest.raises(DatabaseError), merchant_scope(lumen.pk):  # noqa: PT012 - the check comes with the commit
        Delivery.objects.create(event_id=event.pk, consumer="another")
        connection.check_constraints()

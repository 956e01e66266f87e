"""The audit trail as owners read it."""

import ast
from collections.abc import Iterator
from html import unescape

import pytest
from django.urls import reverse

from shop.audit.actions import record
from shop.audit.dashboard.details import NAMES, UNSAID, details_of, target_of
from shop.audit.models import AuditEntry
from shop.audit.words import DEEDS
from shop.outbox.words import told_of
from shop.staff.roles import Role
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.conftest import PROJECT
from tests.trade import an_order


@pytest.mark.django_db
def test_the_trail_and_the_outbox_show_words_and_what_nobody_knows_as_it_is(aurora, browser_of):
    with merchant_scope(aurora.pk):
        record("staff.role_granted", by=None)
        record("loyalty.points_given", by=None)

    page = unescape(browser_of(Role.OWNER).get(reverse("dashboard:audit-trail")).content.decode())

    assert "Role granted" in page
    assert "Points given" in page
    assert "staff.role_granted" not in page
    assert (told_of("order.paid"), told_of("loyalty.earned")) == ("the order is paid", "loyalty.earned")


@pytest.mark.django_db
def test_the_details_of_a_deed_are_words_and_no_keys(aurora, browser_of):
    with merchant_scope(aurora.pk):
        store = Store.objects.get(slug="aurora")
        order = an_order(store, number="A-7")
        said = {"amount": "12.50", "pieces": 3, "cancellation": 4711, "reason": "broken"}
        record("order.pieces_cancelled", by=None, target=order, store=store, **said)
        record("order.moved", by=None, target=order, reason="?", after="Held", before="Being processed")
        record("outbox.replayed", by=None, deliveries=[424, 425])
        record("order.address_changed", by=None, target=order, fields=["line1", "postcode"])
        record("staff.role_granted", by=None, role="orders", stores=["aurora"], partner=None)
        record("staff.policy_changed", by=None, requires_second_factor=False)
        record("loyalty.given", by=None, points_given=3)
        method = store.payment_methods.create(code="bank_transfer", store=store)
        moment = "2026-03-01T11:30:00+00:00"
        details = {"details": {"iban": "GB29", "days_to_pay": 14}, "takes_effect_at": moment}
        record("payment_method.offered", by=None, target=method, store=store, **details)

        told = [(target_of(entry), details_of(entry)) for entry in AuditEntry.objects.order_by("pk")]

    assert told[-8:] == [
        ("#A-7", [("Amount", "£12.50"), ("Pieces", "3"), ("Reason", "broken")]),
        ("#A-7", [("Before", "Being processed"), ("After", "Held for review"), ("Reason", "?")]),
        ("", [("Deliveries", "2")]),
        ("#A-7", [("Changed", "Line1, Postcode")]),
        ("", [("Role", "Orders"), ("Stores", "aurora")]),
        ("", [("A second factor is asked for", "no")]),
        ("", [("Points given", "3")]),
        ("Bank transfer", [("Details", "IBAN: GB29, Days to pay: 14"), ("Counts from", "2026-03-01 11:30")]),
    ]
    page = browser_of(Role.OWNER).get(reverse("dashboard:audit-trail")).content.decode()
    assert "£12.50" in page
    assert "4711" not in page


def test_each_deed_and_each_of_its_details_has_words():
    calls = [call for path in PROJECT.glob("shop/**/*.py") for call in _recorded(ast.parse(path.read_text()))]

    deeds = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    details = {word.arg for call in calls for word in call.keywords}

    assert len(deeds) > 80
    assert deeds - DEEDS.keys() == set()
    assert details - NAMES.keys() - UNSAID - {"by", "target", "store", "actor_label", None} == set()


def _recorded(tree: ast.Module) -> Iterator[ast.Call]:
    """The deeds that a module writes into the trail."""
    for node in ast.walk(tree):
        is_record = isinstance(node, ast.Call) and ast.unparse(node.func) in ("record", "audit.record")
        if is_record and any(word.arg == "by" for word in node.keywords):
            yield node


@pytest.mark.django_db
def test_the_last_day_of_all_calendars_is_a_day_like_others(aurora, browser_of):
    with merchant_scope(aurora.pk):
        record("staff.role_granted", by=None)

    page = browser_of(Role.OWNER).get(reverse("dashboard:audit-trail"), {"until": "9999-12-31"})

    assert "Role granted" in page.content.decode()

"""The pages on which staff see what was written, and write what is written from now on."""

import pytest
from django.core import mail
from django.urls import reverse

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.messages.models import Message, MessageTemplate
from shop.outbox.actions import record
from shop.outbox.draining import drain_all
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.scope import merchant_scope
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db

LIST, TEMPLATES = reverse("dashboard:message-list"), reverse("dashboard:message-templates")
OWN = {"subject": "Paid: {{ order_number }}", "body": "# Thanks\n\nDear {{ name }}, {{ order_total }}."}


def address(store, kind: str = "order_paid", *, name: str = "message-template", language: str = "en-gb") -> str:
    return reverse(f"dashboard:{name}", args=[store.pk, kind, "email", language])


@pytest.fixture
def told(world, aurora):
    """A function that has an order's buyer written to that it is paid."""

    def tell(order) -> Message:
        with merchant_scope(aurora.pk):
            record("order.paid", order)
        drain_all()
        with merchant_scope(aurora.pk):
            return Message.objects.filter(order=order).latest("pk")

    return tell


def templates(aurora) -> list[tuple[str, str]]:
    with merchant_scope(aurora.pk):
        return list(MessageTemplate.objects.values_list("kind", "subject"))


def test_an_order_and_its_customer_show_what_was_written(world, told, browser_of):
    message = told(world.order_here)
    browser = browser_of(Role.OWNER)

    for page in (
        reverse("dashboard:order-detail", args=[world.order_here.number]),
        reverse("dashboard:user-detail", args=[world.bea.pk]),
    ):
        shown = browser.get(page).content.decode()
        assert message.subject in shown, page
        assert "Sent" in shown


def test_a_message_is_shown_as_it_was_written(world, told, browser_of):
    message = told(world.order_here)

    page = browser_of(Role.SUPPORT).get(reverse("dashboard:message", args=[message.pk])).content.decode()

    assert "bea@people.example" in page
    assert 'sandbox=""' in page
    assert "&lt;!doctype html&gt;" in page


def test_messages_are_found_by_status_kind_and_address(world, told, browser_of):
    told(world.order_here)
    told(world.order_there)
    browser = browser_of(Role.OWNER)

    found = browser.get(LIST, {"address": "ida@people.example", "status": "sent"}).content.decode()

    assert "C-1" in found
    assert "A-1" not in found
    assert "Nothing was found." in browser.get(LIST, {"kind": "stock_back"}).content.decode()


def test_staff_begin_with_what_is_shipped(world, browser_of):
    page = browser_of(Role.OWNER).get(address(world.here)).content.decode()

    assert "We have your payment for the order {{ order_number }}" in page
    assert "SAMPLE-7K3M9QXV4" in page


def test_staff_write_what_is_written_from_now_on(world, aurora, told, browser_of):
    answer = browser_of(Role.ORDERS).post(address(world.here), OWN | {"wish": "save"})

    assert answer.status_code == 302
    assert told(world.order_here).subject == "Paid: A-1"
    assert told(world.order_there).subject.startswith("We have your payment")
    with merchant_scope(aurora.pk):
        assert AuditEntry.objects.filter(action="message_template.changed").count() == 1


def test_a_wrong_template_is_refused_with_a_sentence_and_what_was_typed(world, aurora, browser_of):
    wrong = {"subject": "Paid", "body": "Dear {{ nmae }}"}

    page = browser_of(Role.OWNER).post(address(world.here), wrong | {"wish": "save"}).content.decode()

    assert "Line 1: this message has no variable “nmae”." in page
    assert "Dear {{ nmae }}" in page
    assert templates(aurora) == []


def test_a_preview_is_of_a_real_order_and_saves_nothing(world, aurora, browser_of):
    preview = address(world.here, name="message-template-preview")
    browser = browser_of(Role.OWNER)

    shown = browser.post(preview, OWN | {"number": "A-1"}).content.decode()

    assert "Paid: A-1" in shown
    assert "Dear Bea, £24.00." in shown
    assert "This store has no such order." in browser.post(preview, OWN | {"number": "C-1"}).content.decode()
    assert templates(aurora) == []


def test_a_trial_goes_to_who_asked_for_it_and_is_no_orders(world, aurora, browser_of):
    browser_of(Role.OWNER).post(address(world.here), OWN | {"wish": "try", "number": "A-1"})
    drain_all()

    assert [(letter.to, letter.subject) for letter in mail.outbox] == [(["owner-0@aurora.example"], "Paid: A-1")]
    assert templates(aurora) == []
    page = browser_of(Role.SUPPORT).get(reverse("dashboard:order-detail", args=["A-1"])).content.decode()
    assert "Paid: A-1" not in page


def test_a_store_goes_back_to_what_is_shipped(world, aurora, browser_of):
    browser = browser_of(Role.OWNER)
    browser.post(address(world.here), OWN | {"wish": "save"})
    assert templates(aurora) == [("order_paid", OWN["subject"])]

    browser.post(address(world.here, name="message-template-reset"))

    assert templates(aurora) == []


@pytest.mark.parametrize("changed", [("nonsense", "en-gb"), ("order_paid", "xx")])
def test_a_template_that_there_is_not_is_not_found(world, browser_of, changed):
    kind, language = changed

    assert browser_of(Role.OWNER).get(address(world.here, kind, language=language)).status_code == 404


def test_staff_of_one_store_see_and_change_nothing_of_another(world, aurora, told, browser_of):
    message = told(world.order_there)
    browser = browser_of(Role.ORDERS, stores=(world.here,))

    assert "C-1" not in browser.get(LIST).content.decode()
    assert browser.get(reverse("dashboard:message", args=[message.pk])).status_code == 404
    assert browser.post(address(world.there), OWN | {"wish": "save"}).status_code == 404
    assert "Clinics" not in browser.get(TEMPLATES).content.decode().partition("<main")[2]
    assert templates(aurora) == []


@pytest.mark.parametrize("role", [Role.CATALOGUE, Role.ANALYST, Role.EDITOR, Role.SUPPLIER, None])
def test_it_is_nobody_elses(world, told, browser_of, role):
    message, browser = told(world.order_here), browser_of(role)

    for page in (LIST, TEMPLATES, address(world.here), reverse("dashboard:message", args=[message.pk])):
        assert browser.get(page).status_code in (302, 403), page


def test_more_messages_cost_no_more_queries(world, told, browser_of):
    browser = browser_of(Role.OWNER)
    told(world.order_here)
    browser.get(LIST)
    with counted_queries() as few:
        browser.get(LIST)
    for _ in range(3):
        told(world.order_there)

    with counted_queries() as many:
        browser.get(LIST)
    assert len(many) == len(few), many


def test_the_other_merchants_owner_sees_and_changes_nothing_of_it(world, aurora, lumen, told, client):
    message = told(world.order_here)
    with merchant_scope(lumen.pk):
        owner = User.objects.create_user("owner@lumen.example", "a long password")
        grant_role(owner, Role.OWNER, by=None)
        client.force_login(owner)
    host = {"host": "lumen.example"}

    assert client.get(reverse("dashboard:message", args=[message.pk]), headers=host).status_code == 404
    assert client.post(address(world.here), OWN | {"wish": "save"}, headers=host).status_code == 404
    assert templates(aurora) == []

"""The page on which staff see what could not be delivered, and send it on its way again."""

import pytest
from django.urls import reverse

from shop.accounts.models import User
from shop.outbox.actions import record
from shop.outbox.draining import drain
from shop.outbox.errors import Rejected
from shop.outbox.models import Delivery, DeliveryState
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.scope import merchant_scope
from tests.outbox.consumers import told
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db

PAGE, REPLAY = reverse("dashboard:outbox-list"), reverse("dashboard:outbox-replay")


@pytest.fixture
def parked(world, aurora):
    """A function that parks an event of each store given; their deliveries' keys."""

    def park(*stores) -> list[int]:
        def refuse(event):
            raise Rejected("The partner has closed.")

        with merchant_scope(aurora.pk), told(refuse):
            events = [record("store.opened", store, store=store).pk for store in stores]
            drain(aurora.pk)
            return list(Delivery.objects.filter(event__in=events).order_by("pk").values_list("pk", flat=True))

    return park


def states(aurora) -> list[str]:
    with merchant_scope(aurora.pk):
        return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_the_page_shows_what_is_parked_and_why(world, parked, browser_of):
    parked(world.here)

    page = browser_of(Role.OWNER).get(PAGE).content.decode()

    assert "store.opened" in page
    assert "The partner has closed." in page
    assert "Parked: 1" in page.replace("  ", " ")
    assert '<option value="parked" selected>' in page


def test_those_that_are_ticked_are_tried_again(world, aurora, parked, browser_of):
    first, _ = parked(world.here, world.there)

    answer = browser_of(Role.OWNER).post(REPLAY, {"delivery": [first]}, follow=True)

    assert "1 delivery is tried again." in answer.content.decode()
    assert states(aurora) == [DeliveryState.WAITING, DeliveryState.PARKED]


@pytest.mark.parametrize(("filter_by", "outcome"), [({}, ["waiting"] * 2), ({"kind": "order.paid"}, ["parked"] * 2)])
def test_all_that_the_list_shows_are_tried_again(world, aurora, parked, browser_of, filter_by, outcome):
    parked(world.here, world.there)

    browser_of(Role.OWNER).post(REPLAY, {"all": "1", **filter_by})

    assert states(aurora) == outcome


@pytest.mark.parametrize("sent", [{}, {"delivery": ["x", "-1", "9" * 30, "²"]}, {"all": "1", "state": "nonsense"}])
def test_nonsense_replays_nothing(world, aurora, parked, browser_of, sent):
    parked(world.here)

    assert browser_of(Role.OWNER).post(REPLAY, sent).status_code == 302

    assert states(aurora) == [DeliveryState.PARKED]


def test_who_sees_to_orders_sees_them_and_cannot_replay(world, aurora, parked, browser_of):
    (pk,) = parked(world.here)
    browser = browser_of(Role.ORDERS)

    page = browser.get(PAGE).content.decode()

    assert "The partner has closed." in page
    assert "Try the chosen ones again" not in page
    assert browser.post(REPLAY, {"delivery": [pk]}).status_code == 403
    assert states(aurora) == [DeliveryState.PARKED]


def test_staff_of_one_store_see_nothing_of_another(world, parked, browser_of):
    parked(world.there)

    page = browser_of(Role.ORDERS, stores=(world.here,)).get(PAGE, {"state": "all"}).content.decode()

    assert "store.opened" not in page


@pytest.mark.parametrize("role", [Role.CATALOGUE, Role.SUPPORT, Role.ANALYST, Role.EDITOR, Role.SUPPLIER, None])
def test_it_is_nobody_elses(world, browser_of, role):
    assert browser_of(role).get(PAGE).status_code in (302, 403)


def test_more_rows_cost_no_more_queries(world, parked, browser_of):
    browser = browser_of(Role.OWNER)
    parked(*[world.here] * 2)
    browser.get(PAGE)
    with counted_queries() as few:
        browser.get(PAGE)
    parked(*[world.there] * 2)

    with counted_queries() as many:
        browser.get(PAGE)
    assert len(many) == len(few), many


def test_the_other_merchants_owner_sees_and_replays_nothing_of_it(world, aurora, lumen, parked, client):
    (pk,) = parked(world.here)
    with merchant_scope(lumen.pk):
        owner = User.objects.create_user("owner@lumen.example", "a long password")
        grant_role(owner, Role.OWNER, by=None)
        client.force_login(owner)

    page = client.get(PAGE, {"state": "all"}, headers={"host": "lumen.example"}).content.decode()
    client.post(REPLAY, {"delivery": [pk]}, headers={"host": "lumen.example"})

    assert "store.opened" not in page
    assert states(aurora) == [DeliveryState.PARKED]

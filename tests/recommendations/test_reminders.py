"""What somebody buys regularly, and when they are written to about it."""

from datetime import date, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from shop.catalogue.models import Product
from shop.messages.actions import prefer
from shop.messages.kinds import KINDS
from shop.messages.occasions import Recipient
from shop.outbox.draining import drain_all
from shop.recommendations.actions import follow_order, recompute, remind
from shop.recommendations.models import Habit, RecommendationSettings
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member
from tests.goods import a_product
from tests.trade import a_buyer

from .conftest import bought

pytestmark = pytest.mark.django_db


@pytest.fixture
def reminding(store: Store) -> Store:
    RecommendationSettings.objects.create(store=store, reminds=True)
    return store


def monthly(store: Store, product: Product, *, last: int = 30, **fields) -> None:
    """Three orders, thirty days apart, the last so many days ago."""
    for days in (last + 60, last + 30, last):
        bought(store, [product], days_ago=days, **fields)


def today() -> date:
    return timezone.localdate()


def test_what_is_bought_every_month_is_due_a_month_after_the_last_time(store):
    ada, cup = a_buyer(), a_product("Cup", store)
    monthly(store, cup, last=10, by=ada)

    recompute(store)

    habit = Habit.objects.get()
    assert (habit.user, habit.company, habit.product, habit.times, habit.days_between) == (ada, None, cup, 3, 30)
    assert habit.due_on == today() + timedelta(days=20)


@pytest.mark.parametrize(
    "days_ago",
    [
        pytest.param((60, 30), id="twice is chance"),
        pytest.param((31, 30, 29), id="on three days in a row is one need"),
        pytest.param((200, 190, 10), id="now and then has no rhythm"),
    ],
)
def test_not_everything_is_a_habit(store, days_ago):
    ada, cup = a_buyer(), a_product("Cup", store)
    for days in days_ago:
        bought(store, [cup], days_ago=days, by=ada)

    recompute(store)

    assert not Habit.objects.exists()


def test_guests_have_no_habits(store):
    monthly(store, a_product("Cup", store))

    recompute(store)

    assert not Habit.objects.exists()


def test_a_new_order_moves_the_day_at_once(store):
    ada, cup = a_buyer(), a_product("Cup", store)
    monthly(store, cup, by=ada)
    recompute(store)
    assert Habit.objects.get().due_on == today()

    follow_order(bought(store, [cup], days_ago=0, by=ada))

    assert Habit.objects.get().due_on == today() + timedelta(days=30)


def test_who_buys_it_regularly_is_written_to_once_for_each_time(reminding):
    ada, cup = a_buyer(), a_product("Cup", reminding)
    monthly(reminding, cup, by=ada)
    recompute(reminding)

    assert [remind(reminding, today=today()), remind(reminding, today=today() + timedelta(days=1))] == [1, 0]
    drain_all()

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([ada.email], "Time to order again?")
    assert "Cup" in letter.body
    assert f"{reminding.origin}/accounts/reorder/" in letter.body
    follow_order(bought(reminding, [cup], days_ago=0, by=ada))
    assert [remind(reminding, today=today()), remind(reminding, today=today() + timedelta(days=30))] == [0, 1]


def test_a_day_that_is_reckoned_anew_is_no_reason_to_write_again(reminding):
    ada, cup = a_buyer(), a_product("Cup", reminding)
    monthly(reminding, cup, by=ada)
    recompute(reminding)
    remind(reminding, today=today())

    bought(reminding, [cup], days_ago=118, by=ada)
    recompute(reminding)
    assert Habit.objects.get().times == 4

    assert remind(reminding, today=today() + timedelta(days=3)) == 0


def test_all_that_is_due_is_in_one_letter(reminding):
    ada = a_buyer()
    for title in ("Cup", "Lamp"):
        monthly(reminding, a_product(title, reminding), by=ada)
    recompute(reminding)

    assert remind(reminding, today=today()) == 1
    drain_all()

    (letter,) = mail.outbox
    assert letter.body.index("Cup") < letter.body.index("Lamp")


def test_a_store_that_has_not_switched_it_on_writes_to_nobody(store):
    monthly(store, a_product("Cup", store), by=a_buyer())
    recompute(store)

    assert remind(store, today=today()) == 0
    assert Habit.objects.get().reminded_for is None


def test_nobody_is_written_to_who_wants_none_or_has_ordered_meanwhile_or_cannot_buy_it(reminding):
    ada, grace, linus = (a_buyer(f"{name}@example.com") for name in ("ada", "grace", "linus"))
    cup, lamp = a_product("Cup", reminding), a_product("Lamp", reminding)
    for buyer in (ada, grace):
        monthly(reminding, cup, by=buyer)
    monthly(reminding, lamp, by=linus)
    prefer(Recipient(ada.email, ada), KINDS["reorder_due"], "email", is_wanted=False)
    recompute(reminding)
    lamp.listings.all().delete()

    assert remind(reminding, today=today()) == 2
    follow_order(bought(reminding, [cup], days_ago=0, by=grace))
    drain_all()

    assert mail.outbox == []


def test_what_was_given_up_is_not_reminded_of(reminding):
    monthly(reminding, a_product("Cup", reminding), last=61, by=a_buyer())
    recompute(reminding)

    assert remind(reminding, today=today()) == 0


def test_of_a_company_who_ordered_last_is_written_to_while_they_buy_for_it(reminding):
    company, cup = a_company(), a_product("Cup", reminding)
    ada = a_member(company).user
    monthly(reminding, cup, by=ada, company=company)
    recompute(reminding)
    habit = Habit.objects.get()
    assert (habit.company, habit.user) == (company, ada)

    assert remind(reminding, today=today()) == 1
    ada.company_memberships.update(is_active=False)
    drain_all()

    assert mail.outbox == []


def test_the_account_shows_what_is_bought_regularly(store):
    ada, cup = a_buyer("ada@example.com"), a_product("Cup", store)
    monthly(store, cup, by=ada)
    monthly(store, a_product("Lamp", store), by=a_buyer())
    recompute(store)
    browser = Client(headers={"host": "aurora.example"})
    browser.force_login(ada)

    text = browser.get("/accounts/reorder/").content.decode()

    assert "Cup" in text
    assert "30 days" in text
    assert "Lamp" not in text


def test_the_stranger_sees_and_is_told_nothing(reminding, lumen):
    ada = a_buyer()
    monthly(reminding, a_product("Cup", reminding), by=ada)
    recompute(reminding)

    with merchant_scope(lumen.pk):
        theirs = Store.objects.get()
        RecommendationSettings.objects.create(store=theirs, reminds=True)

        assert remind(theirs, today=today()) == 0
        assert not Habit.objects.exists()
    answer = Client(headers={"host": "lumen.example"}).get("/accounts/reorder/")
    assert answer.status_code == 302

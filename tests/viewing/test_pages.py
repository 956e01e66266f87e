"""Pages of the store's content, at another moment and as their editors left them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cms_pages.furnishing import furnish_store
from cms_pages.models import HomePage, StoreNotice, TextPage
from shop.stores.models import Store

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def home(store: Store) -> HomePage:
    return furnish_store(store)


def in_days(days: float):
    return timezone.now() + timedelta(days=days)


def below(home: HomePage, title: str, **fields: object) -> TextPage:
    return home.add_child(instance=TextPage(title=title, slug=title.lower(), **fields))


def status(client: Client, path: str) -> int:
    return client.get(path).status_code


def test_a_page_that_is_scheduled_is_there_from_its_moment_on(home, see):
    page = below(home, "Autumn", live=False, go_live_at=in_days(5))
    page.save_revision(approved_go_live_at=in_days(5))

    assert [status(see(None, moment), "/autumn/") for moment in (None, in_days(4), in_days(6))] == [404, 404, 200]


def test_scheduled_words_are_read_from_their_moment_on(home, see):
    page = below(home, "Rules", body="<p>Old words</p>")
    page.body, page.go_live_at = "<p>New words</p>", in_days(5)
    page.save_revision(approved_go_live_at=in_days(5))

    assert "Old words" in see(None, in_days(4)).get("/rules/").content.decode()
    assert "New words" in see(None, in_days(6)).get("/rules/").content.decode()


def test_a_page_that_comes_down_is_not_there_any_more(home, see):
    below(home, "Sale", expire_at=in_days(5))

    assert [status(see(None, in_days(days)), "/sale/") for days in (4, 6)] == [200, 404]


def test_drafts_are_read_by_who_may_and_asks_for_them(home, see):
    page = below(home, "About", body="<p>As published</p>")
    page.body = "<p>As drafted</p>"
    page.save_revision()
    below(home, "Secret", live=False).save_revision()

    assert "As published" in see().get("/about/").content.decode()
    assert status(see(), "/secret/") == 404
    client = see(shows_drafts="on")
    assert "As drafted" in client.get("/about/").content.decode()
    assert status(client, "/secret/") == 200


def test_an_announcement_is_that_of_the_moment(home, see, store):
    StoreNotice.objects.create(site=store.site, text="Closed for stocktaking", starts_at=in_days(3), ends_at=in_days(5))

    shown = ["stocktaking" in see(None, moment).get("/").content.decode() for moment in (None, in_days(4), in_days(6))]

    assert shown == [False, True, False]


# The stranger


def test_who_sees_the_store_as_themselves_gets_no_draft(home, see):
    see(shows_drafts="on")
    below(home, "Secret", live=False).save_revision()

    assert status(Client(headers={"host": "aurora.example"}), "/secret/") == 404

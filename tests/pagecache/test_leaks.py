"""What must not be in a page that others get."""

from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from wagtail.models import Page, PageViewRestriction

from shop.accounts.models import User
from shop.pagecache.errors import PersonalError
from shop.pagecache.impersonal import ImpersonalRequest, NoSession, Somebody
from shop.pagecache.metrics import PAGES
from shop.pagecache.middleware import shelves
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.models import Store
from tests.goods import a_product
from tests.pagecache.conftest import known
from tests.trade import a_buyer

NAMES = {"first_name": "Wilhelmina", "last_name": "Quackenbush"}


def shoppers(shop, stem):
    """Two with names of their own, each with another basket, who looked at other things before."""
    found = []
    with shop.within():
        goods = [a_product(f"{stem} {number}", Store.objects.get()).pk for number in (1, 2)]
    for number, quantity in ((1, 3), (2, 7)):
        visitor = shop.visitor()
        with shop.within():
            visitor.client.force_login(a_buyer(f"{stem}{number}@quackenbush.example", **NAMES))
        visitor.client.post(f"/basket/add/{goods[number - 1]}/", {"quantity": quantity})
        visitor.client.post(f"/seen/{goods[number - 1]}/")
        visitor.look("/")
        found.append(visitor)
    return found


def test_every_kept_page_is_the_same_for_two_shoppers_but_for_their_slots(shop, addresses):
    one, other = shoppers(shop, "canary")
    for path in addresses.values():
        shelves.pages.clear()
        first = one.look(path)
        second = other.look(path)

        assert first["X-Page-Cache"] == "made", path
        (entry,) = {value for key, value in shelves.pages.values.items() if key.is_signed_in}
        assert first.status_code == second.status_code == 200
        assert b"tool__count" in first.content
        assert b'<bdi class="tool__name">Wilhelmina</bdi>' in first.content
        assert (b'hx-get="/seen/"' in first.content) == (b'{"besides": ' in first.content)
        assert first.content != second.content
        kept = b"".join(entry.parts).lower()
        for personal in (
            b"quackenbush",
            b"wilhelmina",
            b"tool__count",
            b"canary1",
            b"canary2",
            b'value="csrf',
            b'"/seen/"',
        ):
            assert personal not in kept, path
        assert b"csrfmiddlewaretoken" not in kept


def test_pages_that_are_the_same_are_the_same_bytes(shop, addresses):
    one, other = shop.visitor(), shop.visitor()
    for path in addresses.values():
        assert one.page(path) == other.page(path)


@pytest.mark.parametrize("headers", [{"x_forwarded_host": "evil.example"}, {"cookie": "sessionid=" + "a" * 32}, {}])
def test_what_a_forger_sends_is_in_nobodys_page(shop, addresses, headers):
    evil = '<script>"evil"</script>'
    forger = shop.visitor()
    for name in ("sessionid", "oscar_open_basket", "currency", "cookie_choice", "csrftoken", "visit"):
        forger.client.cookies[name] = "evil"
    forger.look(addresses["catalogue"], user_agent=evil, referer=f"https://evil.example/{evil}", accept_language="evil")
    forger.look(addresses["catalogue"] + "?utm_source=evil", **headers)

    (kept,) = shelves.pages.values.values()
    assert b"evil" not in b"".join(kept.parts)
    assert "evil" not in shop.visitor().page(addresses["catalogue"])


def test_an_unknown_host_gets_nothing_that_is_kept(shop, addresses):
    shop.visitor().page(addresses["catalogue"])

    assert shop.visitor().look(addresses["catalogue"], host="lumen.example").status_code == 404
    assert shop.visitor().look(addresses["catalogue"], host="aurora.example:81").get("X-Page-Cache") == "made"


def test_staff_get_pages_of_their_own(shop, addresses):
    visitor = shop.visitor()
    with shop.within():
        editor = a_buyer("editor@example.com")
        grant_role(editor, Role.EDITOR, by=None)
        visitor.client.force_login(editor)

    answers = [visitor.look("/") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert ["X-Page-Cache" in answer.headers for answer in answers] == [False, False]
    assert all(b"wagtail-userbar" in answer.content for answer in answers)


def test_staff_whose_slots_were_filled_get_pages_of_their_own(shop, addresses):
    shop.visitor("sid@example.com").page("/")
    visitor = shop.visitor()
    with shop.within():
        editor = a_buyer("eve@example.com")
        grant_role(editor, Role.EDITOR, by=None)
        visitor.client.force_login(editor)

    assert visitor.look("/slots/").status_code == 200

    assert b"wagtail-userbar" in visitor.look("/").content


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        ({"first_name": "<b>Ada", "last_name": "Byron"}, "&lt;b&gt;Ada"),
        ({"first_name": "", "last_name": "Byron"}, "Byron"),
        ({"first_name": "", "last_name": ""}, "corner@example.com"),
    ],
)
def test_the_corner_of_the_account_names_who_has_signed_in_as_they_are_called_now(shop, addresses, names, shown):
    visitor = known(shop, "corner@example.com")
    visitor.page(addresses["catalogue"])

    with shop.within():
        User.objects.filter(email="corner@example.com").update(**names)

    assert f'<bdi class="tool__name">{shown}</bdi>' in visitor.page(addresses["catalogue"])
    assert "tool__name" not in shop.visitor().page(addresses["catalogue"])


def test_what_is_asked_of_somebody_is_refused(shop):
    asked = [lambda: Somebody().email, lambda: Somebody().pk, lambda: NoSession()["basket"], lambda: "a" in NoSession()]
    for ask in asked:
        with pytest.raises(PersonalError):
            ask()


def test_a_request_of_nobody_in_particular_has_nothing_of_the_visitor(shop):
    with shop.within():
        store = Store.objects.get()
        seen = RequestFactory(headers={"host": "aurora.example", "referer": "https://evil.example/"}).get("/?q=cup&x=1")
        seen.COOKIES = {"sessionid": "secret"}
        seen.user, seen.store, seen.merchant_id = AnonymousUser(), store, store.merchant_id
        seen._wagtail_site, seen.resolver_match = store.site, SimpleNamespace()

        request = ImpersonalRequest(seen, "q=cup")

        assert (request.COOKIES, dict(request.headers), request.META["QUERY_STRING"]) == (
            {},
            {"Host": "aurora.example"},
            "q=cup",
        )
        assert request.build_absolute_uri("/") == "http://aurora.example/"
        assert request.basket.pk is None


@pytest.mark.parametrize("kind", ["password", "groups"])
def test_a_page_that_is_shown_to_some_is_no_defect_and_is_not_kept(shop, addresses, kind):
    with shop.within():
        page = Page.objects.get(url_path__endswith=addresses["text"])
        restriction = PageViewRestriction.objects.create(page=page, restriction_type=kind, password="open")
    visitor = shop.visitor(f"{kind}@some.example")
    before = [PAGES.labels(result)._value.get() for result in ("restricted", "personal")]

    answer = visitor.look(addresses["text"])

    restricted, personal = (PAGES.labels(result)._value.get() for result in ("restricted", "personal"))
    assert [restricted - before[0], personal - before[1]] == [1, 0]
    assert "X-Page-Cache" not in answer.headers
    with shop.within():
        restriction.delete()

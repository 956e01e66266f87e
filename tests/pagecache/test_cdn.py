"""Pages for a CDN: one copy for anybody, and what is a visitor's own asked for afterwards."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.attribution.visits import COOKIE as VISIT
from shop.catalogue.models import Product
from shop.companies.models import Company
from shop.pagecache.anybody import public_for
from shop.pagecache.shelves import shelves
from shop.stores.models import Store
from tests.goods import a_product
from tests.pagecache.conftest import forget
from tests.pricing.trade import a_buyer_of, a_company, a_list, set_prices
from tests.trade import PASSWORD

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([A-Za-z0-9]{64})"')
OWN = "private, no-cache"


@pytest.fixture
def cdn(shop, settings):
    settings.CDN_SECONDS = 60
    forget()
    return shop


def seconds(answer):
    return int(re.fullmatch(r"public, max-age=0, s-maxage=(\d+)", answer["Cache-Control"])[1])


def a_guest_with_a_basket(shop, title):
    guest = shop.visitor()
    with shop.within():
        product = Product.objects.get(title=title).pk
    guest.client.post(f"/basket/add/{product}/", {"quantity": 7})
    return guest


@pytest.mark.parametrize("name", ["home", "catalogue", "category", "product", "variants", "search", "text", "contact"])
def test_all_get_the_same_bytes_whoever_they_are(cdn, addresses, name):
    newcomer, shopper = cdn.visitor(), a_guest_with_a_basket(cdn, "Bowl")
    forger = cdn.visitor(
        cookie_choice="accept.1", csrftoken="a" * 32, visit="evil", oscar_open_basket="evil", oscar_history="evil"
    )

    made = shopper.look(addresses[name], referer="https://evil.example/", user_agent="evil")
    forget()
    answers = [
        made,
        *(each.look(addresses[name], accept_language="de") for each in (forger, newcomer, shopper, forger)),
    ]

    assert {answer.content for answer in answers} == {newcomer.look(addresses[name]).content}
    assert {tuple(sorted(answer.cookies)) for answer in answers} == {()}
    assert [answer["X-Page-Cache"] for answer in answers] == ["made", "made", "hit", "hit", "hit"]
    for answer in answers:
        assert 0 < seconds(answer) <= 60
        assert "Vary" not in answer
        assert answer["ETag"] == made["ETag"]
        assert not TOKEN.search(answer.content.decode())
        assert b"evil" not in answer.content
        assert b"tool__count" not in answer.content


def test_the_places_of_slots_are_there_and_a_newcomers_ways_work_without_scripts(cdn, addresses):
    page = cdn.visitor().page(addresses["product"])

    assert '<input type="hidden" name="csrfmiddlewaretoken" data-slot="csrf">' in page
    assert all(f'<div data-slot="{name}">' in page for name in ("tools", "acting", "recent", "consent"))
    assert 'href="/basket/"' in page
    assert 'src="/static/themes/base/js/slots.js"' in page


def test_a_browser_or_a_cdn_that_has_the_page_is_told_so(cdn, addresses):
    tag = cdn.visitor().look(addresses["catalogue"])["ETag"]

    answer = a_guest_with_a_basket(cdn, "Bowl").look(addresses["catalogue"], if_none_match=tag)

    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", tag)
    assert seconds(answer) > 0
    assert not answer.cookies


@pytest.mark.parametrize(
    ("cookies", "answered"),
    [
        ({"sessionid": "a" * 32}, (200, OWN)),
        ({"currency": "EUR"}, (200, OWN)),
        ({"viewing": "x"}, (302, "private")),  # it is none, and is taken away
    ],
    ids=repr,
)
def test_whoever_shows_a_cookie_of_somebodys_is_answered_alone(cdn, addresses, cookies, answered):
    cdn.visitor().page(addresses["catalogue"])

    for _ in range(2):
        answer = cdn.visitor(**cookies).look(addresses["catalogue"])
        assert (answer.status_code, answer["Cache-Control"]) == answered
        assert "CDN-Cache-Control" not in answer


def test_a_buyer_who_signs_in_sees_own_prices_at_once_and_nobody_else_does(cdn, addresses):
    with cdn.within():
        company = a_company()
        buyer = a_buyer_of(company, "own.prices@business.example")
        set_prices(a_list("own", company=company), Product.objects.get(title="Cup"), "1:4.44")
    visitor = cdn.visitor()
    assert seconds(visitor.look(addresses["catalogue"])) > 0

    visitor.client.post(
        "/accounts/login/",
        {"login-username": buyer.email, "login-password": PASSWORD, "login_submit": "1"},
    )
    visitor.look("/")
    answers = [visitor.look(addresses["catalogue"]) for _ in range(2)]

    assert [answer["Cache-Control"] for answer in answers] == [OWN, OWN]
    assert answers[1]["Vary"] == "Cookie"
    assert all("£5.328" in answer.content.decode() for answer in answers)
    assert "£5.328" not in cdn.visitor().page(addresses["catalogue"])
    visitor.client.post("/accounts/logout/")
    assert seconds(visitor.look(addresses["catalogue"])) > 0
    with cdn.within():
        Company.objects.update(status="suspended")


def test_slots_are_filled_for_this_visitor_alone(cdn, addresses):
    guest = a_guest_with_a_basket(cdn, "Bowl")

    first = guest.look("/slots/?page=/catalogue/")
    again = guest.look("/slots/?page=/catalogue/")
    others = cdn.visitor().look("/slots/?page=/catalogue/").json()

    assert "Bowl" in first.json()["slots"]["messages"]
    assert again.json()["slots"]["messages"].strip() == ""  # it is told once
    assert ">7</span>" in again.json()["slots"]["tools"]
    assert ">7</span>" not in others["slots"]["tools"]
    assert first["Cache-Control"] == again["Cache-Control"] == "private, no-store"
    assert set(again.json()["slots"]) == {"tools", "acting", "messages", "recent", "consent"}


def test_slots_of_who_is_known_ask_the_database_nothing_until_something_changes(cdn):
    guest = a_guest_with_a_basket(cdn, "Bowl")
    for _ in range(3):
        guest.look("/slots/?page=/")
    assert any(">7<" in b"".join(visitor.slots[b"tools"]).decode() for visitor in shelves.visitors.values.values())
    with cdn.within():
        plate = Product.objects.get(title="Plate").pk

    guest.client.post(f"/basket/add/{plate}/", {"quantity": 2})
    guest.look("/slots/?page=/")

    assert ">9</span>" in guest.look("/slots/?page=/").json()["slots"]["tools"]


def test_a_token_of_the_slots_holds_in_a_page_of_the_cdns(cdn, addresses):
    visitor = cdn.visitor()
    visitor.page(addresses["product"])
    token = visitor.look("/slots/?page=/").json()["token"]
    with cdn.within():
        cup = Product.objects.get(title="Cup").pk

    visitor.client.handler.enforce_csrf_checks = True
    answer = visitor.client.post(f"/basket/add/{cup}/", {"quantity": 1, "csrfmiddlewaretoken": token})

    assert answer.status_code == 302
    assert "sessionid" not in visitor.client.cookies  # so the CDN goes on answering
    assert seconds(visitor.look(addresses["product"])) > 0


@pytest.mark.parametrize("page", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", ""])
def test_slots_lead_back_to_no_other_host(cdn, page):
    with cdn.within():
        Store.objects.update(asks_cookie_consent=True)
    slots = cdn.visitor().client.get("/slots/", {"page": page}).json()["slots"]
    with cdn.within():
        Store.objects.update(asks_cookie_consent=False)

    assert 'name="next" value="/"' in slots["consent"]


def test_how_a_visitor_came_is_told_with_the_slots(cdn):
    visitor = cdn.visitor()
    visitor.look("/catalogue/?utm_source=letter")
    assert VISIT not in visitor.client.cookies

    visitor.client.get("/slots/", {"page": "/catalogue/", "from": "http://aurora.example/"})
    visitor.client.get("/slots/", {"page": "/catalogue/?utm_source=letter"})  # one that is shown again
    assert VISIT not in visitor.client.cookies
    visitor.client.get("/slots/", {"page": "/catalogue/?utm_source=letter", "from": "https://news.example/"})

    assert VISIT in visitor.client.cookies


@pytest.mark.parametrize(("left", "expected"), [(600, (60, 60)), (90, (60, 30)), (30, (30, 0)), (-5, (0, 0))])
def test_no_copy_outlives_the_moment_at_which_the_page_is_another(cdn, left, expected):
    told = dict(public_for(timezone.now() + timedelta(seconds=left, milliseconds=500)))

    fresh, stale = expected
    assert told == {
        "Cache-Control": f"public, max-age=0, s-maxage={fresh}",
        "CDN-Cache-Control": f"public, max-age={fresh}, stale-while-revalidate={stale}",
    }


def test_a_price_that_starts_soon_shortens_how_long_a_copy_is_kept(cdn, addresses):
    starts_at = timezone.now() + timedelta(seconds=20)
    with cdn.within():
        bowl = Product.objects.get(title="Bowl")
        set_prices(a_list("soon", starts_at=starts_at, includes_tax=True), bowl, "1:1.11")

    assert seconds(cdn.visitor().look(addresses["category"])) <= 20


def test_without_who_listens_nothing_is_public(cdn, addresses, listener):
    listener.end()

    answer = cdn.visitor().look(addresses["catalogue"])

    assert answer["Cache-Control"] == OWN
    assert "csrftoken" in answer.cookies


def test_what_is_no_kept_page_is_the_visitors_own_and_says_so(cdn):
    guest = a_guest_with_a_basket(cdn, "Bowl")

    answers = [guest.look(path) for path in ("/basket/", "/no-such-page/", "/catalogue", "/accounts/", "/currency/")]

    assert "Bowl" in answers[0].content.decode()
    assert [answer.status_code for answer in answers] == [200, 404, 301, 302, 405]
    for answer in answers:
        assert not {"public", "s-maxage"} & set(answer["Cache-Control"].replace("=", ", ").split(", "))
        assert {"private", "no-store"} & set(answer["Cache-Control"].split(", "))


@pytest.fixture
def bare(cdn):
    """A browser without scripts: what it sends has no token."""
    visitor = cdn.visitor()
    visitor.client.handler.enforce_csrf_checks = True
    with cdn.within():
        path = f"/basket/add/{a_product('Spoon', Store.objects.get()).pk}/"
    yield visitor, path
    with cdn.within():
        Product.objects.filter(title="Spoon").delete()


@pytest.mark.parametrize("token", [{}, {"csrfmiddlewaretoken": ""}], ids=["no token", "an empty one"])
def test_a_form_without_a_token_is_asked_about_once_more_and_then_holds(cdn, bare, token):
    visitor, path = bare

    asked = visitor.client.post(
        path, {"quantity": "3", "x": "<b>", **token}, headers={"origin": "http://aurora.example"}
    )
    page = asked.content.decode()
    before = visitor.look("/basket/").content.decode()
    fields = {"quantity": "3", "csrfmiddlewaretoken": TOKEN.search(page)[1]}
    done = visitor.client.post(path, fields, headers={"origin": "http://aurora.example"})

    assert asked.status_code == 200
    assert f'<form action="{path}" method="post">' in page
    assert '<input type="hidden" name="x" value="&lt;b&gt;">' in page
    assert "Spoon" not in before
    assert done.status_code == 302
    assert "Spoon" in visitor.look("/basket/").content.decode()


@pytest.mark.parametrize(
    ("headers", "fields"),
    [
        ({"origin": "https://evil.example"}, {}),
        ({}, {}),
        ({"origin": "null"}, {}),
        ({"origin": "http://aurora.example"}, {"csrfmiddlewaretoken": "a" * 64}),
        ({"origin": "http://aurora.example", "hx-request": "true"}, {}),
        ({"origin": "http://lumen.example"}, {}),
    ],
    ids=["another site", "nobody says", "a sandbox", "a wrong token", "htmx", "the other merchant's store"],
)
def test_of_whatever_else_comes_without_a_token_nothing_is_asked(cdn, bare, headers, fields):
    visitor, path = bare

    answer = visitor.client.post(path, {"quantity": "1", **fields}, headers=headers)

    assert answer.status_code == 403
    assert b'name="quantity"' not in answer.content
    assert "Spoon" not in visitor.look("/basket/").content.decode()


def test_without_a_cdn_a_form_without_a_token_is_refused(cdn, bare, settings):
    settings.CDN_SECONDS = 0
    visitor, path = bare

    answer = visitor.client.post(path, {"quantity": "1"}, headers={"origin": "http://aurora.example"})

    assert answer.status_code == 403


def test_a_hit_for_anybody_asks_the_database_nothing(cdn, addresses):
    cdn.visitor().page(addresses["catalogue"])

    with CaptureQueriesContext(connection) as asked:
        answer = a_public_look(cdn, addresses["catalogue"])

    assert len(asked) == 0
    assert answer["X-Page-Cache"] == "hit"


def a_public_look(shop, path):
    return shop.visitor(oscar_open_basket="1:x", cookie_choice="decline.1", messages="x", oscar_history="[1]").look(
        path
    )


def test_the_other_merchants_host_gets_nothing_of_it(cdn, addresses):
    cdn.visitor().page(addresses["product"])

    answer = cdn.visitor().look(addresses["product"], host="lumen.example")

    assert answer.status_code == 404
    assert "public" not in answer.get("Cache-Control", "")

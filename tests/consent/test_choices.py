"""Consent to cookies: asked where the store asks, as easily refused as given, and taken back at any time."""

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory

from cms_pages.furnishing import furnish_store
from cms_pages.models import CookieNotice
from shop.consent.choices import Choice, Chosen, choice_of, is_allowed
from shop.stores.models import Store
from tests.cms_pages.reading import Read, read
from tests.goods import a_product

pytestmark = pytest.mark.django_db

AURORA = {"host": "aurora.example"}


@pytest.fixture
def store(aurora_store: Store) -> Store:
    """Aurora's store, which asks."""
    furnish_store(aurora_store)
    Store.objects.update(asks_cookie_consent=True)
    aurora_store.refresh_from_db()
    return aurora_store


def answer(client: Client, choice: str, page: Read, **fields: str) -> str:
    """Press a button of the notice on a page; gives where that leads."""
    data = {
        "choice": choice,
        "wording": page.attribute('input[name="wording"]', "value"),
        "next": page.attribute('input[name="next"]', "value"),
        **fields,
    }
    return client.post("/cookies/", data, headers=AURORA).url


def test_a_store_that_does_not_ask_shows_no_notice(store: Store, client: Client) -> None:
    Store.objects.update(asks_cookie_consent=False)

    page = read(client, "/faq/")

    assert page.texts(".consent") == []
    assert "/cookies/" not in page.text
    assert client.get("/cookies/", headers=AURORA).status_code == 404


def test_both_answers_weigh_the_same(store: Store, client: Client) -> None:
    buttons = read(client, "/faq/").soup.select(".consent button")

    assert [button["value"] for button in buttons] == ["decline", "accept"]
    assert buttons[0]["class"] == buttons[1]["class"]


def test_nothing_but_what_is_necessary_is_kept_before_an_answer(store: Store, client: Client) -> None:
    client.get("/faq/", headers=AURORA)

    assert set(client.cookies) <= {"csrftoken"}


def test_what_a_visitor_looks_at_is_kept_while_they_agree(store: Store, client: Client) -> None:
    cup = a_product("Cup", store)

    before = read(client, cup.get_absolute_url())
    client.post(f"/seen/{cup.pk}/", headers=AURORA)
    assert set(client.cookies) <= {"csrftoken"}

    answer(client, "accept", before)
    client.post(f"/seen/{cup.pk}/", headers=AURORA)
    assert client.cookies["oscar_history"].value

    answer(client, "decline", read(client, "/cookies/"))
    client.post(f"/seen/{cup.pk}/", headers=AURORA)
    assert not client.cookies["oscar_history"].value


@pytest.mark.parametrize("choice", list(Choice))
def test_an_answer_is_kept_and_leads_back(choice: Choice, store: Store, client: Client) -> None:
    way_back = answer(client, choice, read(client, "/faq/?a=b"))

    assert way_back == "/faq/?a=b"
    assert read(client, "/faq/").texts(".consent") == []
    cookie = client.cookies["cookie_choice"]
    assert cookie.value.startswith(f"{choice}.")
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 182 * 24 * 3600)


def test_an_answer_can_be_changed_from_the_foot_of_every_page(store: Store, client: Client) -> None:
    answer(client, "accept", read(client, "/"))
    link = read(client, "/").attributes(".footer__legal a", "href")[-1]

    before = read(client, link)
    answer(client, "decline", before)
    after = read(client, link)

    assert "You accept all cookies of this store." in before.text
    assert "You accept the necessary cookies only." in after.text


def test_other_words_are_asked_anew(store: Store, client: Client) -> None:
    answer(client, "accept", read(client, "/"))

    CookieNotice.objects.create(site=store.site, text="<p>We count <b>visits</b>.</p>")

    assert "We count visits." in read(client, "/").texts(".consent")[0]


@pytest.mark.parametrize(
    ("cookie", "asks", "allowed"),
    [("", True, False), ("decline.ab", True, False), ("accept.ab", True, True), ("", False, True)],
)
def test_more_is_allowed_only_by_consent(
    cookie: str, asks: bool, allowed: bool, store: Store, rf: RequestFactory
) -> None:
    request: HttpRequest = rf.get("/")
    request.COOKIES["cookie_choice"] = cookie
    request.store = Store(asks_cookie_consent=asks)

    assert is_allowed(request) is allowed


# The stranger


@pytest.mark.parametrize("value", ["accept", "accept.", "accept.<script>", "perhaps.ab", "accept.ab; x", "é.ab"])
def test_a_cookie_that_we_did_not_write_is_no_answer(value: str, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.COOKIES["cookie_choice"] = value

    assert choice_of(request) is None


def test_a_cookie_that_we_wrote_is_read_as_it_was_meant(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.COOKIES["cookie_choice"] = "decline.0f"

    assert choice_of(request) == Chosen(Choice.DECLINE, "0f")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil", ""])
def test_an_answer_leads_nowhere_else(target: str, store: Store, client: Client) -> None:
    assert answer(client, "accept", read(client, "/"), next=target) == "/"


@pytest.mark.parametrize("fields", [{"choice": "perhaps"}, {"wording": "x;Path=/"}, {"wording": ""}])
def test_an_answer_that_no_button_gives_is_refused(fields: dict[str, str], store: Store, client: Client) -> None:
    response = client.post("/cookies/", {"choice": "accept", "wording": "ab", **fields}, headers=AURORA)

    assert response.status_code == 400
    assert "cookie_choice" not in client.cookies


def test_an_answer_is_given_by_the_visitor_and_not_by_another_site(store: Store) -> None:
    client = Client(enforce_csrf_checks=True)

    response = client.post("/cookies/", {"choice": "accept", "wording": "ab"}, headers=AURORA)

    assert response.status_code == 403
    assert "cookie_choice" not in client.cookies

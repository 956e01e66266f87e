"""The door before Django: what leaves by it, and what it lets through."""

import io
from collections import Counter
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, _check_token_format, _does_token_match
from django.template.backends.utils import csrf_input
from wagtail.models import Page

from cms_pages.models import TextPage
from config.handler import Handler
from shop.attribution.visits import COOKIE as VISIT
from shop.catalogue.models import Product
from shop.pagecache.door import PageDoor
from shop.pagecache.slots import small_ones
from shop.pagecache.tokens import masked, new_secret, token_of
from tests.pagecache.conftest import HOST, TOKENS


class Asked:
    """Asks as a server does, and notes what was let through."""

    def __init__(self) -> None:
        self.let_through: list[str] = []
        self.django = Handler()
        self.door = PageDoor(self.behind)

    def behind(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.let_through.append(environ["PATH_INFO"])
        return self.django(environ, start_response)

    def ask(self, path: str, method: str = "GET", **changed: str) -> tuple[str, list[tuple[str, str]], bytes]:
        address, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": address,
            "QUERY_STRING": query,
            "HTTP_HOST": HOST,
            "SERVER_NAME": HOST,
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }
        told: list[Any] = []
        body = self.door(environ | changed, lambda *answer: told.extend(answer))
        return told[0], told[1], b"".join(body)


@pytest.fixture
def asked(shop, addresses) -> Asked:
    """Of a process that knows the catalogue and who has no cookies."""
    shop.visitor().page(addresses["catalogue"])
    return Asked()


def test_what_leaves_by_the_door_is_what_django_answers(shop, asked):
    visitor = shop.visitor()
    behind = visitor.look("/catalogue/")

    status, headers, body = asked.ask("/catalogue/")

    assert (status, asked.let_through) == ("200 OK", [])
    assert TOKENS.sub(rb"\1", body) == TOKENS.sub(rb"\1", behind.content)
    names = {name: value for name, value in headers if name != "Set-Cookie"}
    assert names == dict(behind.items())
    ((cookie,),) = [[value for name, value in headers if name == "Set-Cookie"]]
    assert attributes(cookie) == attributes(behind.cookies["csrftoken"].OutputString())


def attributes(cookie: str) -> set[str]:
    return {part.split("=")[0] if "expires" in part or "csrftoken" in part else part for part in cookie.split("; ")}


def test_a_newcomer_at_the_door_gets_a_token_that_holds(shop, asked):
    _, headers, body = asked.ask("/catalogue/")
    cookies = SimpleCookie(dict(headers)["Set-Cookie"])
    token = body.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    with shop.within():
        cup = Product.objects.get(title="Cup")
    buyer = shop.visitor(csrftoken=cookies["csrftoken"].value)

    buyer.client.handler.enforce_csrf_checks = True
    answer = buyer.client.post(f"/basket/add/{cup.pk}/", {"quantity": 1, "csrfmiddlewaretoken": token})

    assert answer.status_code == 302


def test_a_browser_that_has_the_page_is_told_so_at_the_door(asked):
    cookie = {"HTTP_COOKIE": f"csrftoken={'a' * 32}"}
    tag = dict(asked.ask("/catalogue/", **cookie)[1])["ETag"]

    status, headers, body = asked.ask("/catalogue/", HTTP_IF_NONE_MATCH=f'"x", {tag}', **cookie)

    assert (status, body, asked.let_through) == ("304 Not Modified", b"", [])
    assert not {"Content-Type", "Content-Length", "Set-Cookie"} & dict(headers).keys()
    assert dict(headers)["ETag"] == tag
    assert asked.ask("/catalogue/", HTTP_IF_NONE_MATCH=tag)[0] == "200 OK"  # whose secret has gone


def test_how_a_visitor_came_is_remembered_at_the_door(asked):
    for came in ({"path": "/catalogue/?ref=clinic"}, {"path": "/catalogue/", "HTTP_REFERER": "https://news.example/a"}):
        _, headers, _ = asked.ask(**came)
        cookies = [value.split("=")[0] for name, value in headers if name == "Set-Cookie"]
        assert cookies == [VISIT, "csrftoken"]

    _, headers, _ = asked.ask("/catalogue/", HTTP_REFERER=f"http://{HOST}/")

    assert VISIT not in repr(headers)
    assert asked.let_through == []


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "HEAD"},
        {"method": "POST"},
        {"HTTP_COOKIE": "viewing=1"},
        {"HTTP_COOKIE": "messages=x"},
        {"HTTP_COOKIE": "sessionid=" + "a" * 32},
        {"HTTP_HOST": "lumen.example"},
        {"HTTP_HOST": "aurora.example:81"},
        {"HTTP_HOST": "a b<>"},
        {"HTTP_HOST": ""},
        {"wsgi.url_scheme": "https"},
        {"path": "/catalogue/?q=other"},
        {"path": "/catalogue/?q=%00"},
        {"path": "/catalogue"},
        {"path": "/cat\xe4logue/"},
        {"path": ""},
        {"path": "/basket/"},
        {"path": "/healthz"},
    ],
    ids=repr,
)
def test_whatever_else_is_asked_is_djangos_to_answer(asked, changed):
    asked.ask(**({"path": "/catalogue/"} | changed))

    assert len(asked.let_through) == 1


def test_a_search_in_letters_that_nobody_encoded_is_for_what_they_mean(shop, asked):
    raw = "/search/?q=" + "crème".encode().decode("latin-1")

    _, _, body = asked.ask(raw)

    assert 'value="crème"' in body.decode()
    assert shop.visitor().result("/search/?q=cr%C3%A8me") == "hit"


@pytest.mark.parametrize("slug", ["über", "ceník", "茶"])
def test_a_page_whose_address_has_other_letters_is_found(shop, asked, slug):
    with shop.within():
        Page.objects.get(slug="privacy").add_sibling("right", instance=TextPage(title="Tea", slug=slug))
    path = f"/{slug}/".encode().decode("latin-1")  # as servers hand it on (PEP 3333)

    answers = [asked.ask(path) for _ in range(2)]

    assert [status for status, *_ in answers] == ["200 OK", "200 OK"]
    assert asked.let_through == [path]


def test_without_the_cache_the_door_lets_all_through(asked, settings):
    settings.PAGE_CACHE = False

    asked.ask("/catalogue/")

    assert asked.let_through == ["/catalogue/"]


def test_what_has_changed_leaves_by_no_door(shop, asked):
    assert asked.ask("/catalogue/")[0] == "200 OK"
    with shop.within():
        Product.objects.filter(title="Plate").update(title="Dish")

    _, _, body = asked.ask("/catalogue/")
    with shop.within():
        Product.objects.filter(title="Dish").update(title="Plate")

    assert b"Dish" in body
    assert asked.let_through == ["/catalogue/"]


def test_tokens_are_read_by_django_and_no_two_are_the_same():
    secrets = [new_secret() for _ in range(200)]
    tokens = [masked(secret) for secret in secrets for _ in range(3)]

    for secret, token in zip([secret for secret in secrets for _ in range(3)], tokens, strict=True):
        _check_token_format(token)
        assert _does_token_match(token, secret)
        assert not _does_token_match(token, secrets[0]) or secret == secrets[0]
    assert len(set(secrets)) == 200
    assert len(set(tokens)) == 600


def test_each_letter_of_a_mask_is_as_likely_as_any_other():
    masks = [masked("a" * 32)[:32] for _ in range(4_000)]
    counted = Counter("".join(masks))

    expected = 4_000 * 32 / 62
    off = sum((counted[letter] - expected) ** 2 / expected for letter in CSRF_ALLOWED_CHARS)
    assert set(counted) == set(CSRF_ALLOWED_CHARS)
    assert off < 150  # chi squared of 61 degrees of freedom: about 61, and by chance never so much


def test_the_field_is_as_django_writes_it():
    request = HttpRequest()
    request.META["CSRF_COOKIE"] = new_secret()

    ours, djangos = small_ones(token_of(request), "/")[b"csrf"], csrf_input(request).encode()

    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"] is True
    assert TOKENS.sub(rb"\1", ours) == TOKENS.sub(rb"\1", djangos)


def test_the_door_of_one_store_knows_no_page_of_the_others(shop, asked):
    for host in ("lumen.example", "platform.example", "evil.example"):
        status, _, body = asked.ask("/catalogue/", HTTP_HOST=host)

        assert status != "200 OK"
        assert b"Cup" not in body

"""Whatever is sent gets a clear answer in one shape."""

import pytest

from shop.api.parsers import LARGEST_BODY
from shop.basket.models import Basket
from tests.api.machine import problem

pytestmark = [pytest.mark.django_db, pytest.mark.data]

LINES = "/api/v1/basket/lines/"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff", 400),
        (b"NaN", 400),
        (b'{"product": NaN}', 400),
        (b"[" * 60_000, 400),
        (b'{"a":' * 10_000, 400),
        (b"1" * 60_000, 400),
        (b'{"product": 1, "options": {"\\ud800": "\\ud800"}}', 400),
        (b" " * (LARGEST_BODY + 1), 413),
        (b'"' + b"x" * 10_000_000 + b'"', 413),
    ],
)
def test_what_is_no_json_or_too_much_of_it_is_refused(machine, body, status):
    answer = machine.client.generic("POST", LINES, body, content_type="application/json")

    assert problem(answer)[0] == status
    assert not Basket.objects.exists()


@pytest.mark.parametrize(
    "content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/xml", ""]
)
def test_nothing_but_json_is_read(machine, content_type):
    answer = machine.client.generic("POST", LINES, b"product=1", content_type=content_type)

    assert problem(answer) == (415, "about:blank")


def test_a_form_of_ten_megabytes_is_refused_to_visitors_as_well(visitor):
    answer = visitor.generic("POST", LINES, b"a=" + b"x" * 10_000_000, content_type="application/x-www-form-urlencoded")

    assert answer.status_code in (413, 415)


def test_another_method_is_refused(machine):
    assert problem(machine.client.put("/api/v1/products/")) == (405, "about:blank")


def test_another_format_is_refused(machine):
    answer = machine.client.get("/api/v1/products/", headers={"accept": "text/html"})

    assert problem(answer) == (406, "about:blank")


def test_a_problem_says_what_it_is_in_the_stores_language(visitor, aurora_store):
    answer = visitor.get("/api/v1/products/1/")

    assert answer.json() == {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "Not found."}
    assert answer["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    type(aurora_store).objects.update(language="de")
    assert visitor.get("/api/v1/products/1/").json()["detail"] == "Nicht gefunden."

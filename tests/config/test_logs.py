"""What is written to the log, and what never is."""

import json
import logging
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
from celery import shared_task
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from config import celery  # noqa: F401 - its signals are part of this
from config.logs import settings_for
from shop.stores.models import Store
from shop.stores.scope import merchant_scope

Lines = Callable[[], list[dict[str, Any]]]

EMAIL = "ann@example.com"
KEY = "c2VjcmV0-of-a-letter"


@shared_task
def count_pieces() -> None:
    logging.getLogger("shop.counting").info("counted")


def answer(request: HttpRequest, **values: str) -> HttpResponse:
    logging.getLogger("shop.answering").info("answering %s", request.GET.get("q", ""))
    return HttpResponse("answered")


def fail(request: HttpRequest, **values: str) -> HttpResponse:
    raise ValueError(f"duplicate key\nDETAIL: Key (email)=({EMAIL}) already exists.")


def ask_for_work(request: HttpRequest) -> HttpResponse:
    count_pieces.delay()
    return HttpResponse()


urlpatterns = [
    path("letters/<slug:key>/", answer),
    path("failing/<slug:key>/", fail),
    path("work/", ask_for_work),
]


@pytest.fixture
def lines() -> Iterator[Lines]:
    """Everything logged so far, read back from JSON."""
    output = StringIO()
    handler = handler_for("json", output)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield lambda: [json.loads(line) for line in output.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def handler_for(log_format: str, output: StringIO) -> logging.Handler:
    """As the settings declare it, but for where it writes."""
    config = settings_for(log_format, "info")
    formatter, log_filter = config["formatters"]["lines"], config["filters"]["routes_for_paths"]
    handler = logging.StreamHandler(output)
    handler.setFormatter(formatter.pop("()")(**formatter))
    handler.addFilter(log_filter["()"]())
    return handler


@pytest.fixture
def shopper(aurora) -> Iterator[Client]:
    with override_settings(ROOT_URLCONF=__name__):
        yield Client(headers={"host": "aurora.example"}, raise_request_exception=False)


def test_a_request_is_one_line_that_says_whose_it_was(shopper, aurora, lines):
    response = shopper.get("/letters/hello/")

    with merchant_scope(aurora.pk):
        store = Store.objects.get()
    said, line = lines()
    assert line.pop("duration_ms") > 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "stoa.request",
        "merchant": aurora.pk,
        "store": store.pk,
        "request_id": response["X-Request-ID"],
        "method": "GET",
        "route": "/letters/<slug:key>/",
        "status": 200,
    }
    assert (said["merchant"], said["store"], said["request_id"]) == (aurora.pk, store.pk, line["request_id"])


def test_a_request_to_no_store_is_nobodys(shopper, lines):
    shopper.get("/letters/hello/", headers={"host": "elsewhere.example"})

    (line,) = lines()
    assert (line["status"], "merchant" in line, "store" in line, "route" in line) == (404, False, False, False)


def test_a_malformed_host_is_one_line_and_is_not_repeated(shopper, lines):
    assert shopper.get("/letters/a/", headers={"host": "no host <at all>"}).status_code == 400

    (line,) = lines()
    assert (line["event"], line["status"]) == ("request", 400)
    assert "at all" not in json.dumps(line)


def test_neither_key_nor_query_nor_body_is_logged(shopper, lines):
    shopper.post(f"/letters/{KEY}/?q={EMAIL}", {"password": "open-sesame"}, REMOTE_ADDR="192.0.2.77")

    text = json.dumps(lines())
    assert len(lines()) == 2
    for secret in (KEY, EMAIL, "open-sesame", "192.0.2.77"):
        assert secret not in text


def test_an_error_is_logged_with_its_trace_and_without_what_it_quotes(shopper, aurora, lines):
    shopper.get(f"/failing/{KEY}/")

    error, line = lines()
    assert error["event"] == "Internal Server Error: /failing/<slug:key>/"
    assert "ValueError: duplicate key" in error["exception"]
    assert (error["level"], error["merchant"]) == ("error", aurora.pk)
    assert (line["level"], line["status"]) == ("warning", 500)
    assert KEY not in json.dumps(lines())
    assert EMAIL not in json.dumps(lines())


def test_a_password_in_an_address_is_struck_out(lines):
    logging.getLogger("shop").warning("%s is not there", "redis://stoa:open-sesame@cache:6379/0")

    assert lines()[0]["event"] == "redis://…@cache:6379/0 is not there"


def test_a_task_is_one_line_and_names_the_request_that_asked_for_it(shopper, aurora, lines):
    response = shopper.get("/work/")

    said, line, _ = lines()
    assert (said["event"], said["task"]) == ("counted", count_pieces.name)
    assert (line["event"], line["task"], line["state"]) == ("task", count_pieces.name, "SUCCESS")
    assert {said["merchant"], line["merchant"]} == {aurora.pk}
    assert {said["request_id"], line["request_id"]} == {response["X-Request-ID"]}
    assert {said["task_id"], line["task_id"]} == {line["task_id"]}
    assert line["duration_ms"] >= 0


def test_people_read_text(aurora):
    output = StringIO()
    logger = logging.getLogger("shop.reading")
    handler = handler_for("text", output)
    logger.addHandler(handler)

    with merchant_scope(aurora.pk):
        logger.warning("The lamp is out")

    logger.removeHandler(handler)
    assert "[warning  ] The lamp is out" in output.getvalue()
    assert output.getvalue().rstrip().endswith(f"merchant={aurora.pk}")

"""The API's description of itself, and that there is nothing else below `/api/`."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.validation import validate_schema

from shop.prover.routes import discover
from tests.api.machine import problem

pytestmark = pytest.mark.django_db


def schema() -> dict:
    return SchemaGenerator().get_schema(request=None, public=True)


def test_the_schema_is_made_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", file=tmp_path / "schema.yaml")


def test_every_operation_but_the_documents_is_in_the_schema():
    routes = {route.template for route in discover("config.urls") if route.template.startswith("/api/v1/")}

    described = {path.replace("{id}", "%(pk)s").replace("{number}", "%(number)s") for path in schema()["paths"]}
    assert described == routes


def test_every_operation_says_how_it_refuses():
    described = schema()

    validate_schema(described)
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert {"400", "401", "404", "429"} <= set(operation["responses"]), (method, path)


@pytest.mark.parametrize("name", ["products", "orders", "addresses"])
def test_a_list_is_described_as_a_page(name):
    described = schema()

    answer = described["paths"][f"/api/v1/{name}/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    page = described["components"]["schemas"][answer["$ref"].rpartition("/")[-1]]
    assert list(page["properties"]) == ["next", "results"]


@pytest.mark.parametrize("path", ["basket/", "basket/lines/{id}/", "basket/vouchers/{id}/"])
def test_taking_something_out_is_described_to_answer_the_basket(path):
    answers = schema()["paths"][f"/api/v1/{path}"]["delete"]["responses"]

    assert answers["200"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/BasketContent"}


@pytest.mark.parametrize(("query", "content_type"), [("", "openapi"), ("?format=json", "json")])
def test_a_store_serves_the_schema(visitor, query, content_type):
    answer = visitor.get(f"/api/schema/{query}")

    assert answer.status_code == 200
    assert content_type in answer["Content-Type"]


def test_the_documentation_runs_no_script_but_our_own_files(visitor):
    page = visitor.get("/api/docs/")
    html = page.content.decode()

    assert page.status_code == 200
    assert "script-src 'self';" in page["Content-Security-Policy"]
    assert re.findall(r"<script(?! src=\"/)", html) == []
    assert "<style" not in html
    assert all(link.startswith("/") for link in re.findall(r'(?:src|href)="([^"]+)"', html))
    script = visitor.get(re.findall(r'src="(/api/docs/[^"]+)"', html)[0])
    assert script["Content-Type"].startswith("application/javascript")
    assert '"/api/schema/"' in script.content.decode().replace("\\u002D", "-")


def test_an_unknown_address_is_a_problem_and_not_a_page(visitor):
    for path in ("/api/", "/api/v1/", "/api/v2/products/", "/api/v1/nothing/"):
        assert problem(visitor.get(path)) == (404, "about:blank")
        assert problem(visitor.post(path)) == (404, "about:blank")


@pytest.mark.filterwarnings("ignore:AttributeValueField is deprecated")
def test_no_route_of_django_oscar_api_answers(visitor, settings):
    settings.API_REQUESTS_PER_MINUTE = {"key": None, "address": None}
    stock = [route.path(dict.fromkeys(route.parameters, "1")) for route in discover("oscarapi.urls")]

    assert len(stock) > 50
    for path in stock:
        for answer in (visitor.get(f"/api{path}"), visitor.post(f"/api{path}", {}, content_type="application/json")):
            assert answer.status_code == 404, path


def test_no_view_of_django_oscar_api_is_mounted_anywhere():
    views = list(_views(get_resolver("config.urls")))

    assert len(views) > 300
    assert [view for view in views if view.__module__.startswith("oscarapi")] == []


def _views(resolver: URLResolver) -> Iterator[Any]:
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from _views(pattern)
        else:
            yield getattr(pattern.callback, "view_class", getattr(pattern.callback, "cls", pattern.callback))


def test_no_other_origin_is_let_in(visitor):
    answer = visitor.get("/api/v1/products/", headers={"origin": "https://elsewhere.example"})

    assert not [name for name in answer.headers if name.startswith("Access-Control-")]
    assert "no-store" in answer["Cache-Control"]


def test_options_are_not_answered(visitor):
    assert problem(visitor.options("/api/v1/products/")) == (405, "about:blank")

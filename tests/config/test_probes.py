"""What load balancers, orchestrators and Prometheus ask."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from prometheus_client import REGISTRY
from psycopg.conninfo import conninfo_to_dict

from config.probes import Readiness
from shop.prover import scratch
from tests.services import free_port

TOKEN = "a-token-for-prometheus-alone"
AN_ADDRESS_FOR_A_HOST = {"host": "10.0.0.7:8000"}


def answer(request: HttpRequest, **values: str) -> HttpResponse:
    return HttpResponse("answered")


urlpatterns = [path("thing/<slug:slug>/", answer, name="thing")]


@pytest.fixture
def watched(aurora) -> Client:
    with override_settings(METRICS_TOKEN=TOKEN, ROOT_URLCONF=__name__):
        yield Client(headers={"host": "aurora.example"})


@contextmanager
def connected_as(parts: dict[str, Any]) -> Iterator[None]:
    """Let the application reach its database in another way, with these parts of an address."""
    entry = connection.settings_dict
    names = {"USER": "user", "PASSWORD": "password", "PORT": "port"}
    connection.settings_dict = {**entry, **{name: parts[part] for name, part in names.items() if part in parts}}
    connection.close()
    yield
    connection.close()
    connection.settings_dict = entry


def count(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0


def test_a_living_process_says_so_on_any_host_and_asks_no_database(client):
    response = client.get("/healthz", headers=AN_ADDRESS_FOR_A_HOST)

    assert (response.status_code, response.content) == (200, b"alive")
    assert response["Cache-Control"] == "no-store"
    assert response.cookies == {}


@pytest.mark.parametrize("probe", ["/healthz", "/readyz"])
@pytest.mark.django_db
def test_probes_are_not_sent_on_to_https(client, probe):
    with override_settings(SECURE_SSL_REDIRECT=True):
        assert client.get(probe, headers=AN_ADDRESS_FOR_A_HOST).status_code == 200


def test_probes_only_answer_questions(client):
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
@pytest.mark.data
def test_a_server_is_ready_with_a_migrated_database(client):
    response = client.get("/readyz", headers=AN_ADDRESS_FOR_A_HOST)

    assert response.status_code == 200
    assert response.json() == {"database": "ready"}


@pytest.mark.django_db
def test_readiness_asks_for_the_migrations_only_once(client, django_assert_num_queries):
    client.get("/readyz")

    with django_assert_num_queries(1):
        client.get("/readyz")


@pytest.mark.data
def test_a_server_is_not_ready_before_the_last_migration(own_database, client):
    with scratch.owner_session(own_database) as owner:
        owner.execute("DELETE FROM django_migrations WHERE app = 'audit'")

    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"database": "not ready"})


@pytest.mark.data
def test_a_server_is_not_ready_as_a_role_that_sees_every_merchant(own_database, admin_url):
    assert Readiness().database_is_ready()

    with connected_as(conninfo_to_dict(admin_url)):
        assert not Readiness().database_is_ready()


def test_a_server_is_not_ready_without_its_database(own_database, client):
    with connected_as({"port": free_port()}):
        response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"database": "not ready"})


@pytest.mark.redis
@pytest.mark.django_db
def test_a_redis_that_is_named_must_answer(client, redis_url):
    with override_settings(REDIS_URL=redis_url):
        assert client.get("/readyz").json() == {"database": "ready", "redis": "ready"}
    with override_settings(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0"):
        response = client.get("/readyz")

    assert (response.status_code, response.json()) == (503, {"database": "ready", "redis": "not ready"})


def test_without_a_token_there_are_no_metrics(aurora, client):
    response = client.get("/metrics", headers={"host": "aurora.example"}, follow=True)

    assert (response.status_code, response.redirect_chain) == (404, [("/metrics/", 301)])


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer "}, {"Authorization": TOKEN}])
def test_metrics_are_not_public(watched, header):
    response = watched.get("/metrics", headers=header)

    assert (response.status_code, response.content) == (401, b"")


def test_metrics_count_requests_by_view(watched):
    labels = {"view": "thing", "method": "GET", "status": "200"}
    before = count("django_http_responses_total_by_status_view_method_total", **labels)

    watched.get("/thing/walnut-tray/")

    assert count("django_http_responses_total_by_status_view_method_total", **labels) == before + 1
    page = watched.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert 'django_http_responses_total_by_status_view_method_total{method="GET",status="200",view="thing"}' in (
        page.content.decode()
    )


def test_a_visitor_cannot_make_up_labels(watched):
    for method, slug in (("BREW", "walnut-tray"), ("WHEN", "linen-towel")):
        watched.generic(method, f"/thing/{slug}/")

    page = watched.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
    assert 'method="<invalid method>"' in page
    for word in ("BREW", "WHEN", "walnut-tray", "aurora.example"):
        assert word not in page

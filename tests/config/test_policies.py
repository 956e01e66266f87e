"""The headers that tell a browser what a page may do."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path

from config import urls
from config.settings.policies import editors_policy, shoppers_policy
from shop.stores.actions import close_store

pytestmark = pytest.mark.django_db

STRICT = {
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}


def break_down(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


urlpatterns = [path("broken/", break_down), path("", include(urls.urlpatterns))]


def policy_of(response: HttpResponse) -> set[str]:
    return set(response["Content-Security-Policy"].split("; "))


@pytest.mark.parametrize("address", ["/", "/catalogue/", "/search/?q=oil", "/basket/", "/accounts/login/", "/nothing/"])
def test_a_shoppers_page_runs_nothing_inline(aurora_store, client, address):
    response = client.get(address, headers={"host": "aurora.example"})

    assert policy_of(response) == STRICT
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "camera=()" in response["Permissions-Policy"]


def test_error_pages_and_closed_doors_are_as_strict(aurora_store, client):
    assert policy_of(client.get("/", headers={"host": "elsewhere.example"})) == STRICT

    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        broken = client.get("/broken/", headers={"host": "aurora.example"})
    assert (broken.status_code, policy_of(broken)) == (500, STRICT)

    close_store(aurora_store)
    closed = client.get("/", headers={"host": "aurora.example"})
    assert (closed.status_code, policy_of(closed)) == (503, STRICT)


def test_the_cms_may_run_what_wagtail_brings(aurora_store, client):
    policy = policy_of(client.get("/cms/", headers={"host": "aurora.example"}))

    assert policy - STRICT == {
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "frame-ancestors 'self'",
    }


@pytest.mark.parametrize("address", ["/cmsx/", "/catalogue/?next=/cms/", "//cms/"])
def test_an_address_that_looks_like_a_door_gets_no_looser_policy(aurora_store, client, address):
    assert policy_of(client.get(address, headers={"host": "aurora.example"})) == STRICT


def test_pictures_may_come_from_the_public_address_of_the_bucket():
    assert shoppers_policy("https://cdn.example.com")["img-src"] == ["'self'", "https://cdn.example.com"]
    assert editors_policy("https://cdn.example.com")["img-src"] == [
        "'self'",
        "https://cdn.example.com",
        "data:",
        "blob:",
    ]

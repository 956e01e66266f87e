"""A view that was found is found: by path, and by whose addresses they are."""

from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import Resolver404

from config.handler import Handler
from shop.stores.middleware import PLATFORM_URLS
from shop.stores.routes import LONGEST_KEPT, kept_view, view_at

STORES = "config.urls"


@pytest.fixture(autouse=True)
def nothing_found():
    kept_view.cache_clear()


def asked(path: str, **beside: str) -> HttpResponse:
    environ = RequestFactory().get(path).environ | {"wsgi.input": BytesIO()} | beside
    return Handler().get_response(Handler.request_class(environ))


def test_an_address_is_looked_for_once():
    first, second = view_at("/checkout/preview/", STORES), view_at("/checkout/preview/", STORES)

    assert first is second
    assert (first.view_name, kept_view.cache_info().misses) == ("checkout:preview", 1)


def test_each_address_has_what_it_names():
    assert [view_at(f"/basket/add/{pk}/", STORES).kwargs for pk in (1, 2, 1)] == [{"pk": 1}, {"pk": 2}, {"pk": 1}]


def test_the_platforms_addresses_are_not_a_stores():
    stores = view_at("/checkout/preview/", STORES)

    with pytest.raises(Resolver404):
        view_at("/checkout/preview/", PLATFORM_URLS)

    assert view_at("/checkout/preview/", STORES) is stores


@pytest.mark.django_db
def test_what_is_kept_is_short(aurora_store):
    for letters in (LONGEST_KEPT, LONGEST_KEPT + 1):
        assert asked(f"/{'a' * (letters - 2)}/", HTTP_HOST="aurora.example").status_code == 404

    assert kept_view.cache_info().currsize == 1


@pytest.mark.django_db
def test_a_request_knows_where_it_came(aurora_store):
    answers = [asked("/catalogue/", HTTP_HOST="aurora.example").status_code for _ in range(2)]

    assert answers == [200, 200]
    assert view_at("/catalogue/", STORES).view_name == "catalogue:index"


@pytest.mark.django_db
def test_what_was_not_found_may_be_found_another_day(aurora_store):
    assert [asked("/nothing.html", HTTP_HOST="aurora.example").status_code for _ in range(2)] == [404, 404]

    assert kept_view.cache_info().currsize == 0

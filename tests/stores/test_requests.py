import pytest
from django.contrib.auth.models import Group
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from shop.stores.actions import close_store, reopen_store
from shop.stores.current import current_store
from shop.stores.middleware import TenancyMiddleware, holds_no_transaction, roll_back
from shop.stores.models import Store
from shop.stores.scope import current_merchant_id, merchant_scope, own_scope

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def say_where(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.store} {current_merchant_id()} {current_store().slug}")


def write_and_fail(request: HttpRequest) -> HttpResponse:
    Group.objects.create(name="half")
    raise {"lost": Http404, "broken": ZeroDivisionError}[request.GET["how"]]


def write_and_answer(request: HttpRequest) -> HttpResponse:
    Group.objects.create(name="half")
    if "back" in request.GET:
        roll_back(request)
    return HttpResponse(status=int(request.GET["status"]))


@holds_no_transaction
def step_by_step(request: HttpRequest) -> HttpResponse:
    with own_scope():
        Group.objects.create(name="step")
    return HttpResponse(f"{current_merchant_id()}")


urlpatterns = [
    path("where/", say_where),
    path("fail/", write_and_fail),
    path("answer/", write_and_answer),
    path("steps/", step_by_step),
    path("dashboard/where/", say_where),
]


@pytest.fixture(autouse=True)
def these_urls():
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_the_host_says_which_store_and_merchant(client, aurora, lumen):
    for merchant in (aurora, lumen):
        response = client.get("/where/", headers={"host": f"{merchant.slug}.example"})
        assert response.content.decode() == f"{merchant.name} {merchant.pk} {merchant.slug}"
    assert (current_merchant_id(), current_store()) == (None, None)


@pytest.mark.parametrize("host", ["aurora.example:8000", "AURORA.example", "aurora.example."])
def test_a_host_is_known_however_it_is_written(client, aurora, host):
    assert client.get("/where/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("host", ["nobody.example", "example", "127.0.0.1", "[::1]:8000"])
def test_an_unknown_host_is_an_error_page(client, aurora, host):
    response = client.get("/where/", headers={"host": host})

    assert response.status_code == 404
    assert "no store" in response.content.decode()
    assert "Aurora" not in response.content.decode()


def test_a_malformed_host_is_refused(client):
    assert client.get("/where/", headers={"host": "a b"}).status_code == 400


@pytest.mark.parametrize("how", ["lost", "broken"])
def test_nothing_is_written_by_a_view_that_raises(aurora, how):
    client = Client(raise_request_exception=False, headers={"host": "aurora.example"})

    client.get("/fail/", {"how": how})

    with merchant_scope(aurora.pk):
        assert not Group.objects.filter(name="half").exists()


@pytest.mark.parametrize(
    ("query", "is_written"),
    [({"status": 200}, True), ({"status": 422}, True), ({"status": 503}, False), ({"status": 200, "back": 1}, False)],
)
def test_an_answer_of_500_or_worse_rolls_back(client, aurora, query, is_written):
    client.get("/answer/", query, headers={"host": "aurora.example"})

    with merchant_scope(aurora.pk):
        assert Group.objects.filter(name="half").exists() is is_written


def test_a_marked_view_holds_no_transaction(client, aurora):
    response = client.get("/steps/", headers={"host": "aurora.example"})

    assert response.content.decode() == str(aurora.pk)
    with merchant_scope(aurora.pk):
        assert Group.objects.filter(name="step").exists()


def test_a_closed_store_lets_only_staff_in(client, aurora):
    with merchant_scope(aurora.pk):
        store = Store.objects.get()
        close_store(store)
    assert client.get("/where/", headers={"host": "aurora.example"}).status_code == 503
    assert client.get("/dashboard/where/", headers={"host": "aurora.example"}).status_code == 200

    with merchant_scope(aurora.pk):
        reopen_store(store)
    assert client.get("/where/", headers={"host": "aurora.example"}).status_code == 200


def test_an_address_that_leads_nowhere_is_not_found(client, aurora):
    assert client.get("/nowhere/", headers={"host": "aurora.example"}).status_code == 404


def test_the_platform_has_a_host_and_no_store(aurora):
    request = RequestFactory().get("/", headers={"host": "platform.localhost"})

    TenancyMiddleware(lambda request: HttpResponse())(request)

    assert request.store is None
    assert request.urlconf == "config.urls_platform"
    assert request.merchant_id == 1


@pytest.mark.parametrize("path", ["/%00/", "/accounts/wishlists/%00/", "/media/%00.png", "/accounts/orders/a%00/"])
def test_an_address_that_nothing_can_have_is_refused(client, aurora, path):
    assert client.get(path, headers={"host": "aurora.example"}).status_code == 400

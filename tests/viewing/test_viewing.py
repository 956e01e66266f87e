"""Staff see the store as somebody else: what they see, that they only look, and when it ends."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import resolve
from django.utils import timezone

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.basket.models import Basket
from shop.catalogue.models import Product
from shop.companies.actions.companies import suspend
from shop.order.models import Order
from shop.pricing.actions import publish_changes
from shop.pricing.changes import SetTier, Target
from shop.pricing.levels import Level
from shop.prover.routes import discover
from shop.requisitions.models import RequisitionList
from shop.staff.actions import grant_role, revoke_role
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from shop.viewing.middleware import NOT_OF_THE_STORE
from shop.viewing.models import Viewing
from tests.api.machine import V1
from tests.basket.shopping import content, put_in
from tests.goods import a_product
from tests.pricing.trade import a_company, a_group, a_list, set_prices
from tests.queries import counted_queries
from tests.trade import PASSWORD

from .conftest import asked

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal
ONLY_LOOK = "You see this store as somebody else and only look: nothing was changed."


@pytest.fixture
def cup(store):
    return a_product("Cup", store, price="10")


def in_days(days: float):
    return timezone.now() + timedelta(days=days)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


# What is seen


def test_prices_are_the_companys(store, cup, see):
    company = a_company(group=a_group())
    set_prices(a_list("schools", group=company.group), cup, "1:8")
    set_prices(a_list("contract", company=company, level=Level.CONTRACT), cup, "1:7.1234", "10:6")

    client = see(company)

    for path in ("/catalogue/", cup.get_absolute_url()):
        assert "£7.1234" in page(client, path)
    assert "£6.00" in page(client, cup.get_absolute_url())
    (listed,) = client.get(f"{V1}products/").json()["results"]
    assert listed["price"]["excl_tax"] == "7.1234"


def test_prices_are_those_of_the_moment(store, cup, see):
    company = a_company()
    publish_changes(a_list("trade"), [SetTier(Target(product_id=cup.pk), D("9"))], by=None, takes_effect_at=in_days(10))
    set_prices(a_list("sale", company=company, starts_at=in_days(20), ends_at=in_days(30)), cup, "1:5")

    seen = {}
    for days in (None, 9, 11, 21, 31):
        client = see(company, days and in_days(days))
        seen[days] = next(price for price in ("£10.00", "£9.00", "£5.00") if price in page(client, "/catalogue/"))
        assert seen[days] in page(client, cup.get_absolute_url())

    assert seen == {None: "£10.00", 9: "£10.00", 11: "£9.00", 21: "£5.00", 31: "£9.00"}


def test_a_store_that_keeps_its_prices_to_itself_tells_the_company_and_no_visitor(store, cup, see):
    store.hides_prices = True
    store.save()

    assert "£10.00" in page(see(a_company()), "/catalogue/")
    assert "£10.00" not in page(see(), "/catalogue/")


def test_a_companys_side_of_the_tax_is_shown(store, cup, see):
    store.tax_rate = D("0.2")
    store.save()

    assert "£12.00" in page(see(a_company(tax_display="incl")), cup.get_absolute_url())


def test_prices_are_seen_in_the_currency_that_is_chosen_meanwhile(store, cup, see):
    store.further_currencies = ["EUR"]
    store.save()
    company = a_company()
    set_prices(a_list("euros", company=company, currency="EUR"), cup, "1:8")
    client = see(company)
    assert "£10.00" in page(client, cup.get_absolute_url())

    client.post("/currency/", {"currency": "EUR", "next": "/"})

    assert "€8.00" in page(client, cup.get_absolute_url())


def test_a_banner_says_on_each_page_as_whom_and_when(store, cup, see):
    company = a_company("K-7")
    moment = timezone.now().replace(year=2027, month=3, day=1, hour=9, minute=30)

    client = see(company, moment)

    for path in ("/", "/catalogue/", cup.get_absolute_url(), "/basket/", "/no-such-page/"):
        answer = client.get(path)
        text = answer.content.decode()
        assert text.count('class="stoa-viewing"') == 1, path
        assert "<strong>Company K-7</strong> (K-7)" in text
        assert "2027-03-01 09:30 UTC" in text
        assert "no-store" in answer["Cache-Control"]
        assert answer.cookies.keys() <= {"csrftoken"}
    assert "stoa-viewing" not in page(client, "/dashboard/")


def test_whose_browser_it_is_does_not_show(store, cup, olive, browser, see):
    put_in(browser, cup, 3)
    RequisitionList.objects.create(maker=olive, store=store, name="Olive's own")

    client = see(a_company())

    assert "olive@aurora.example" not in page(client, "/")
    assert "Cup" not in page(client, "/basket/")
    assert client.get("/accounts/requisitions/").status_code == 302  # to the sign-in: nobody is signed in
    assert content() == {"Cup": 3}


def test_nobody_is_asked_about_cookies_who_could_not_answer(store, see):
    store.asks_cookie_consent = True
    store.save()
    assert 'action="/cookies/"' in page(Client(headers={"host": "aurora.example"}), "/catalogue/")

    assert 'action="/cookies/"' not in page(see(), "/catalogue/")


def test_a_page_asks_as_often_for_twice_as_many_products(store, see):
    for number in range(3):
        a_product(f"Cup {number}", store)
    client = see(a_company())
    page(client, "/catalogue/")

    with counted_queries() as few:
        page(client, "/catalogue/")
    for number in range(3):
        a_product(f"Bowl {number}", store)
    with counted_queries() as many:
        page(client, "/catalogue/")

    assert len(few) == len(many), many


# Only looking


def test_nothing_that_writes_is_let_through_at_any_address_of_the_store(store, cup, see):
    client = see(a_company())
    values = dict.fromkeys(("pk", "product_pk"), str(cup.pk))
    tried = 0

    for route in discover("config.urls"):
        path = route.path({name: values.get(name, "1") for name in route.parameters})
        if path.startswith(NOT_OF_THE_STORE):
            continue
        for method in ("post", "put", "patch", "delete"):
            answer = getattr(client, method)(path)
            assert answer.status_code == 403, (method, path)
            assert ONLY_LOOK in answer.content.decode(), (method, path)
            tried += 1
    assert tried > 300


def test_nothing_is_written_where_it_is_only_looked(store, cup, see, django_capture_on_commit_callbacks):
    client = see(a_company())
    before = set(client.cookies)

    with django_capture_on_commit_callbacks(execute=True):
        for path in ("/", cup.get_absolute_url(), "/basket/", "/checkout/", "/quick-order/", "/search/?q=cup"):
            client.get(path)
        client.post(f"/basket/add/{cup.pk}/", {"quantity": 1})

    assert not Basket.objects.exists()
    assert not Order.objects.exists()
    assert set(client.cookies) - before <= {"csrftoken"}
    assert not Product.objects.filter(stats__isnull=False).exists()


def test_the_api_and_scripts_are_refused_in_their_own_ways(store, cup, see):
    client = see(a_company())

    problem = client.post(f"{V1}basket/lines/", {"product": cup.pk}, content_type="application/json")
    assert (problem["Content-Type"], problem.json()["detail"]) == ("application/problem+json", ONLY_LOOK)
    script = client.post(f"/basket/add/{cup.pk}/", {"quantity": 1}, headers={"HX-Request": "true"})
    assert (script.status_code, script["HX-Redirect"]) == (403, "/viewing/only-looks/")
    assert ONLY_LOOK in page(client, "/viewing/only-looks/")


def test_doors_of_accounts_stay_shut(store, see):
    client = see(a_company())

    for path in ("/accounts/login/", "/accounts/register/", "/password-reset/"):
        assert getattr(resolve(path).func, "holds_no_transaction", False)
        assert client.get(path).status_code == 403, path


def test_the_dashboard_is_worked_in_meanwhile(store, see):
    company = a_company()
    client = see(company)

    client.post(f"/dashboard/companies/{company.pk}/edit/", {"name": "Renamed", "code": company.code})

    company.refresh_from_db()
    assert company.name == "Renamed"


# Who may, and for how long


def test_the_trail_tells_who_saw_what_as_whom_and_when_it_ended(store, olive, see):
    moment = in_days(3)
    client = see(a_company("K-1"), moment)

    assert client.post("/viewing/end/")["Location"] == "/viewing/over/"

    begun, ended = AuditEntry.objects.filter(action__startswith="viewing.").order_by("pk")
    assert (begun.action, ended.action) == ("viewing.begun", "viewing.ended")
    assert {begun.actor, ended.actor} == {olive}
    assert (begun.target_label, begun.store) == ("Company K-1", store)
    assert (begun.details["moment"], begun.details["drafts"]) == (moment.isoformat(), False)
    assert "stoa-viewing" not in page(client, "/catalogue/")
    assert "yourself again" in page(client, "/viewing/over/")


def test_it_ends_by_itself_after_an_hour(store, see):
    client = see()
    viewing = Viewing.objects.get()
    assert timedelta(minutes=59) < viewing.ends_at - timezone.now() <= timedelta(hours=1)
    Viewing.objects.update(ends_at=timezone.now())

    assert client.get("/catalogue/")["Location"] == "/viewing/over/"
    assert Viewing.objects.get().ended_at is not None
    assert "stoa-viewing" not in page(client, "/catalogue/")


def test_it_ends_when_the_right_goes(store, olive, see):
    spare = User.objects.create_user("spare@aurora.example", PASSWORD)
    grant_role(spare, "owner", by=None)
    client = see()

    revoke_role(olive.staff_memberships.get(), by=spare)

    assert client.get("/catalogue/")["Location"] == "/viewing/over/"


def test_it_ends_when_the_company_is_suspended(store, olive, see):
    company = a_company()
    client = see(company)

    suspend(company, by=olive, reason="unpaid")

    assert client.get("/catalogue/")["Location"] == "/viewing/over/"
    answer = client.post("/dashboard/viewing/", asked(store, company))
    assert "is suspended: nobody buys for it." in answer.content.decode()


def test_it_ends_when_who_looks_signs_out(store, see):
    client = see()

    client.post("/accounts/logout/")

    assert Viewing.objects.get().ended_at is not None
    assert client.get("/catalogue/")["Location"] == "/viewing/over/"


def test_another_one_ends_the_one_before(store, see):
    see()
    see()

    assert [viewing.ended_at is None for viewing in Viewing.objects.order_by("pk")] == [False, True]


def test_the_dashboard_says_what_goes_on_and_ends_it(store, see):
    client = see(a_company("K-1"))
    assert "as Company K-1 until" in page(client, "/dashboard/viewing/")

    client.post("/dashboard/viewing/", {"end": "1"})

    assert "as Company K-1 until" not in page(client, "/dashboard/viewing/")


def test_the_way_in_works_once_and_for_two_minutes(store, browser):
    first = browser.post("/dashboard/viewing/", asked(store))["Location"]
    other = Client(headers={"host": "aurora.example"})
    browser.get(first)
    assert other.get(first)["Location"] == "/viewing/over/"

    late = browser.post("/dashboard/viewing/", asked(store))["Location"]
    Viewing.objects.filter(begun_at=None).update(asked_at=timezone.now() - timedelta(seconds=121))
    assert other.get(late)["Location"] == "/viewing/over/"
    assert "viewing" not in other.cookies


def test_another_store_is_entered_by_a_link_to_its_host(store, browser):
    clinics = open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example"))

    door = browser.post("/dashboard/viewing/", asked(clinics)).content.decode()

    assert 'href="http://clinics.example:8000/viewing/' in door
    path = door.split("http://clinics.example:8000")[1].split('"')[0]
    assert browser.get(path)["Location"] == "/viewing/over/"  # of this store it opens nothing
    there = Client(headers={"host": "clinics.example"})
    assert there.get(path)["Location"] == "/"
    assert "stoa-viewing" in page(there, "/catalogue/")
    browser.cookies["viewing"] = there.cookies["viewing"].value
    assert browser.get("/catalogue/")["Location"] == "/viewing/over/"


def test_a_role_limited_to_a_store_sees_that_one_and_the_companies_that_ordered_there(store):
    clinics = open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example"))
    sam = User.objects.create_user("sam@aurora.example", PASSWORD)
    grant_role(sam, "support", by=None, stores=[clinics])
    client = Client(headers={"host": "clinics.example"})
    client.force_login(sam)
    known, unknown = a_company("K-1"), a_company("K-2")
    Order.objects.create(number="1", store=clinics, company=known, currency="GBP", total_incl_tax=1, total_excl_tax=1)

    assert client.post("/dashboard/viewing/", asked(store)).status_code == 200  # the form again
    assert (
        "No company is found by this." in client.post("/dashboard/viewing/", asked(clinics, unknown)).content.decode()
    )
    assert "shows_drafts" not in page(client, "/dashboard/viewing/")
    assert client.post("/dashboard/viewing/", asked(clinics, known)).status_code == 302


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"company": "Company"}, "More than one company fits: Company K-1 (K-1), Company K-2 (K-2)."),
        ({"company": "nobody"}, "No company is found by this."),
        ({"moment": "9999-01-01T00:00"}, "Choose a date within ten years of today."),
        ({"moment": "soon"}, "Enter a valid date/time."),
        ({"store": "0"}, "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(store, browser, said, sentence):
    a_company("K-1")
    a_company("K-2")

    answer = browser.post("/dashboard/viewing/", asked(store) | said)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Viewing.objects.exists()


def test_a_company_is_found_by_its_number_or_its_name(store, browser):
    company = a_company("K-1")
    a_company("K-10")

    for words in ("k-1", "Company K-1"):
        browser.post("/dashboard/viewing/", asked(store) | {"company": words})
        assert Viewing.objects.first().company == company


# The stranger


def test_a_stranger_of_another_merchant_sees_nothing_as_anybody(store, browser, see, lumen):
    company = a_company("K-1")
    ours = see(company).cookies["viewing"].value
    door = browser.post("/dashboard/viewing/", asked(store))["Location"]
    with merchant_scope(lumen.pk):
        eve = User.objects.create_user("eve@lumen.example", PASSWORD)
        grant_role(eve, "owner", by=None)
        theirs, host = Store.objects.get(), "lumen.example"
    client = Client(headers={"host": host})
    with merchant_scope(lumen.pk):
        client.force_login(eve)

    assert client.get(door)["Location"] == "/viewing/over/"
    answer = client.post("/dashboard/viewing/", asked(theirs, company))
    assert "No company is found by this." in answer.content.decode()
    assert "Select a valid choice." in client.post("/dashboard/viewing/", asked(store)).content.decode()
    client.cookies["viewing"] = ours
    assert client.get("/catalogue/")["Location"] == "/viewing/over/"
    assert client.post("/viewing/end/")["Location"] == "/viewing/over/"
    with merchant_scope(store.merchant_id):
        assert Viewing.objects.filter(company=company, begun_at__isnull=False).exists()
    with merchant_scope(lumen.pk):
        assert not Viewing.objects.exists()

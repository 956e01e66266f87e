"""An exact code is the first hit: a supplier's number, a barcode, and what the buyer's company calls the product."""

import pytest
from django.test import Client
from django.utils import timezone

from shop.companies.models import Company, PartNumber
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member
from tests.goods import a_parent, a_product
from tests.queries import counted_queries
from tests.search.pages import find, titles

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def cafe(aurora_store) -> Company:
    return a_company("Harbour Café")


@pytest.fixture
def buyer(cafe) -> Client:
    buyer = Client(headers={"host": "aurora.example"})
    buyer.force_login(a_member(cafe, last_used_at=timezone.now()).user)
    return buyer


@pytest.mark.parametrize("words", ["JG-77", "jg-77", " JG-77 ", "Jg-77"])
def test_a_suppliers_number_leads(shopper, aurora_store, words):
    jug = a_product("Jug", aurora_store)
    jug.stockrecords.update(partner_sku="JG-77")
    a_product("JG-77 lid, fits JG-77", aurora_store)

    assert find(shopper, words) == ["Jug", "JG-77 lid, fits JG-77"]


def test_a_barcode_leads_and_one_of_a_variant_finds_its_parent(shopper, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"S": "8", "M": "9"})
    shirt.children.filter(title="M").update(upc="4006381333931")
    a_product("4006381333931", aurora_store)

    assert find(shopper, "4006381333931") == ["Shirt", "4006381333931"]


@pytest.mark.parametrize("number", ["HC 10/4", "10", "½ oz"])
def test_the_buyers_own_part_number_leads(buyer, aurora_store, cafe, number):
    cup = a_product("Cup", aurora_store)
    PartNumber.objects.create(company=cafe, product=cup, number=number)
    a_product(f"Saucer {number}", aurora_store)

    assert find(buyer, number) == ["Cup", f"Saucer {number}"]


def test_who_sorts_otherwise_gets_that_order(shopper, aurora_store):
    a_product("Jug", aurora_store, upc="lid")
    a_product("Lid", aurora_store)

    assert find(shopper, "lid", sort_by="title") == ["Jug", "Lid"]
    assert find(shopper, "lid", sort_by="newest") == ["Lid", "Jug"]


def test_a_code_counts_once_and_in_the_facets(shopper, aurora_store):
    a_product("Jug", aurora_store, upc="jug")
    a_product("Jug of glass", aurora_store)

    response = shopper.get("/search/", {"q": "jug"})

    assert titles(response) == ["Jug", "Jug of glass"]
    assert response.context_data["paginator"].count == 2


def test_machines_find_codes_first_as_well(shopper, aurora_store):
    jug = a_product("Jug", aurora_store, upc="lid")
    lid = a_product("Lid", aurora_store)

    found = shopper.get("/api/v1/products/", {"q": "lid"}).json()["results"]

    assert [product["id"] for product in found] == [jug.pk, lid.pk]


def test_a_code_takes_no_query_of_its_own(shopper, aurora_store):
    a_product("Cup", aurora_store, upc="cup")
    a_product("Jug", aurora_store)
    shopper.get("/catalogue/")  # fills the caches

    with counted_queries() as of_a_code:
        find(shopper, "cup")
    with counted_queries() as of_a_word:
        find(shopper, "jug")

    assert len(of_a_code) == len(of_a_word)


# The stranger


def test_what_a_company_calls_a_product_is_its_own(shopper, buyer, aurora_store, cafe):
    PartNumber.objects.create(
        company=a_company("Rival", code="R1"), product=a_product("Cup", aurora_store), number="R-9"
    )

    assert find(shopper, "R-9") == find(buyer, "R-9") == []


def test_a_code_of_another_store_or_merchant_finds_nothing(shopper, aurora_store, lumen):
    a_product("Unlisted", upc="LAMP-1")
    a_product("Hidden", aurora_store, upc="LAMP-2", is_public=False)
    with merchant_scope(lumen.pk):
        a_product("Lamp", Store.objects.get(), upc="LAMP-3")

    assert [find(shopper, f"LAMP-{number}") for number in (1, 2, 3)] == [[], [], []]

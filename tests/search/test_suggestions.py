"""What is proposed while somebody types: products, categories and pages of the store, as JSON."""

import pytest
from django.test import Client
from django.utils import timezone
from wagtail.models import PageViewRestriction

from cms_pages.models import TextPage
from shop.analytics.models import ProductRecord
from shop.catalogue.models import Category
from shop.companies.models import PartNumber
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member
from tests.goods import a_parent, a_product
from tests.queries import counted_queries

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def suggestions(client: Client, typed: str, **kwargs: object) -> list[dict[str, str]]:
    response = client.get("/search/suggest/", {"q": typed}, **kwargs)
    assert response.status_code == 200
    return response.json()["suggestions"]


def proposed(client: Client, typed: str, **kwargs: object) -> list[str]:
    return [each["title"] for each in suggestions(client, typed, **kwargs)]


def a_page(title: str, store: Store, **fields: object) -> TextPage:
    page = TextPage(title=title, slug=title.lower().replace(" ", "-"), **fields)
    return store.site.root_page.add_child(instance=page)


def test_products_categories_and_pages_are_proposed_with_their_addresses(shopper, aurora_store):
    kitchen = Category.add_root(name="Home").add_child(name="Teapots and more")
    teapot = a_product("Teapot", aurora_store)
    teapot.categories.add(kitchen)
    a_page("How to make tea", aurora_store)

    assert suggestions(shopper, "te") == [
        {"title": "Teapot", "url": teapot.get_absolute_url(), "kind": "Product"},
        {"title": "Teapots and more", "url": kitchen.get_absolute_url(), "kind": "Category"},
        {"title": "How to make tea", "url": "/how-to-make-tea/", "kind": "Page"},
    ]
    for each in suggestions(shopper, "te"):
        assert shopper.get(each["url"]).status_code == 200


@pytest.mark.parametrize("typed", ["cr", "CRÈ", "brul", "creme br", "dish", "  crème   brûlée d"])
def test_any_word_may_be_begun_whatever_its_accents(shopper, aurora_store, typed):
    a_product("Crème brûlée dish", aurora_store)
    a_product("Cup", aurora_store)

    assert proposed(shopper, typed) == ["Crème brûlée dish"]


def test_titles_that_begin_so_lead_then_what_can_be_had_and_is_bought(shopper, aurora_store):
    a_product("Blue cup", aurora_store)
    gone = a_product("Cup, grey", aurora_store)
    gone.stockrecords.update(num_in_stock=0)
    a_product("Cup, white", aurora_store)
    bought = a_product("Cup, yellow", aurora_store)
    ProductRecord.objects.create(product=bought, num_purchases=9)

    assert proposed(shopper, "cup") == ["Cup, yellow", "Cup, white", "Cup, grey", "Blue cup"]


def test_titles_with_a_word_that_begins_so_stand_before_what_only_says_so(shopper, aurora_store):
    said = a_product("Blue dish", aurora_store)
    said.description = "Cups fit on it."
    said.save()
    ProductRecord.objects.create(product=said, num_purchases=9)
    a_product("Yellow cup", aurora_store).stockrecords.update(num_in_stock=0)

    assert proposed(shopper, "cu") == ["Yellow cup", "Blue dish"]


def test_there_are_six_products_and_three_categories_at_most(shopper, aurora_store):
    for n in range(9):
        a_product(f"Cup {n}", aurora_store).categories.add(Category.add_root(name=f"Cups {n}"))

    kinds = [each["kind"] for each in suggestions(shopper, "cup")]

    assert kinds == ["Product"] * 6 + ["Category"] * 3


def test_a_code_proposes_what_is_called_so(shopper, aurora_store):
    a_product("Jug", aurora_store, upc="40-77")
    a_parent("Shirt", aurora_store, variants={"S": "8"}).children.update(upc="40-78")

    assert proposed(shopper, "40-77") == ["Jug"]
    assert proposed(shopper, "40-78") == ["Shirt"]


def test_a_companys_part_number_proposes_to_its_buyers_alone(shopper, aurora_store):
    cafe = a_company()
    PartNumber.objects.create(company=cafe, product=a_product("Jug", aurora_store), number="HC-7")
    buyer = Client(headers={"host": "aurora.example"})
    buyer.force_login(a_member(cafe, last_used_at=timezone.now()).user)

    assert (proposed(buyer, "HC-7"), proposed(shopper, "HC-7")) == (["Jug"], [])


def test_a_slip_is_mended(shopper, aurora_store):
    a_product("Ceramic teapot", aurora_store)

    assert proposed(shopper, "cermaic") == ["Ceramic teapot"]


@pytest.mark.parametrize(
    "typed",
    ["", "t", "%", "__", "\x00te", "'", "te\\", "te:*", "!te", "&|", "x" * 10_000_000, "te " * 1000, "🂡🂡", "שלום",
     "\u202eeet", "½½", "\u0130" * 150, "<script>", "' OR 1=1 --"],
)  # fmt: skip
def test_nothing_that_is_typed_breaks_it(shopper, aurora_store, typed):
    a_product("Bowl", aurora_store)

    assert proposed(shopper, typed) == []


def test_hidden_empty_and_private_things_are_not_proposed(shopper, aurora_store):
    a_product("Tea, hidden", aurora_store, is_public=False)
    a_product("Tea, unlisted").categories.add(Category.add_root(name="Tea, sold elsewhere"))
    below = Category.add_root(name="Out of sight", is_public=False).add_child(name="Tea below")
    a_product("Cup", aurora_store).categories.add(below)
    Category.add_root(name="Tea, empty")
    a_page("Tea, a draft", aurora_store, live=False)
    PageViewRestriction.objects.create(page=a_page("Tea for some", aurora_store), restriction_type="login")

    assert proposed(shopper, "tea") == []


def test_the_page_names_the_address_and_the_field_works_without_script(shopper, aurora_store):
    text = shopper.get("/search/").content.decode()

    assert 'action="/search/" method="get" data-suggest="/search/suggest/"' in text


def test_it_takes_as_many_queries_for_much_as_for_little(shopper, aurora_store):
    counts = []

    for _ in range(3):
        for n in range(4):
            a_product(f"Tea {n}", aurora_store).categories.add(Category.add_root(name=f"Tea {n}"))
            a_page(f"Tea {len(counts)} {n}", aurora_store)
        with counted_queries() as queries:
            suggestions(shopper, "tea")
        counts.append(len(queries))

    assert counts[1] == counts[2] <= 10, str(queries)  # the first fills the caches


def test_only_reading_is_allowed(shopper):
    assert shopper.post("/search/suggest/", {"q": "tea"}).status_code == 405


# The stranger


def test_nothing_of_another_store_or_merchant_is_proposed(shopper, aurora_store, lumen):
    trade = open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    a_product("Tea of the trade", trade).categories.add(Category.add_root(name="Tea trade"))
    a_page("Tea talk", trade)
    with merchant_scope(lumen.pk):
        theirs = Store.objects.get()
        a_product("Tea of Lumen", theirs).categories.add(Category.add_root(name="Tea by Lumen"))
        a_page("Tea at Lumen", theirs)

    assert proposed(shopper, "tea") == proposed(shopper, "taeb") == []
    assert len(proposed(shopper, "tea", headers={"host": "trade.example"})) == 3

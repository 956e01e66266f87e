"""What shoppers find: in the catalogue, in a category, by searching."""

import re
from decimal import Decimal

import pytest

from shop.catalogue.models import Category, Product
from shop.listings.models import Listing
from shop.search.models import Entry
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product, attribute, product_class
from tests.queries import counted_queries
from tests.search.pages import find, titles

pytestmark = [pytest.mark.django_db, pytest.mark.data]


# The catalogue


def test_the_catalogue_shows_what_the_store_lists_the_newest_first(shopper, aurora_store):
    for title in ("Cup", "Bowl", "Jug"):
        a_product(title, aurora_store)
    a_product("Unlisted")
    a_product("Hidden", aurora_store, is_public=False)
    a_parent("Shirt", aurora_store, variants={"S": "8"})

    assert titles(shopper.get("/catalogue/")) == ["Shirt", "Jug", "Bowl", "Cup"]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("title", ["ábaco", "Bowl", "Cup", "Vase"]),
        ("price-asc", ["Bowl", "Cup", "ábaco", "Vase"]),
        ("price-desc", ["ábaco", "Cup", "Bowl", "Vase"]),
        ("newest", ["Vase", "ábaco", "Bowl", "Cup"]),
        ("popular", ["Bowl", "Vase", "ábaco", "Cup"]),
        ("nonsense", ["Vase", "ábaco", "Bowl", "Cup"]),
    ],
)
def test_it_can_be_sorted(shopper, aurora_store, sort, expected):
    for title, price in (("Cup", "10"), ("Bowl", "9"), ("ábaco", "30"), ("Vase", None)):
        a_product(title, aurora_store, price=price)
    Entry.objects.filter(product__title="Bowl").update(popularity=3)

    assert titles(shopper.get("/catalogue/", {"sort_by": sort})) == expected


def test_it_comes_in_pages(shopper, aurora_store, settings):
    settings.OSCAR_PRODUCTS_PER_PAGE = 2
    for n in range(5):
        a_product(f"Cup {n}", aurora_store)

    first, last = shopper.get("/catalogue/"), shopper.get("/catalogue/", {"page": 3, "sort_by": "newest"})

    assert (titles(first), titles(last)) == (["Cup 4", "Cup 3"], ["Cup 0"])
    assert "5 products" in first.content.decode()
    assert 'href="?sort_by=newest&amp;page=2" rel="prev"' in last.content.decode()


@pytest.mark.parametrize("page", ["0", "-1", "2", "99999999999999", "x", "", "1.5", "\x00"])
def test_a_page_that_there_is_not_is_not_found(shopper, aurora_store, page):
    a_product("Cup", aurora_store)

    assert shopper.get("/catalogue/", {"page": page}).status_code == 404


def test_an_empty_store_says_so(shopper):
    assert "No products found" in shopper.get("/catalogue/").content.decode()


# Filters


@pytest.fixture
def goods(aurora_store) -> dict[str, Category]:
    """Cups and bowls in two categories and classes, at prices from 4 to 60; the dear bowl is sold out."""
    home, gifts = Category.add_root(name="Home"), Category.add_root(name="Gifts")
    for title, price, category, kind in [
        ("Small cup", "4", home, "Cups"),
        ("Large cup", "7", gifts, "Cups"),
        ("Bowl", "15", home, "Bowls"),
        ("Dear bowl", "60", gifts, "Bowls"),
    ]:
        a_product(title, aurora_store, price=price, product_class=product_class(kind)).categories.add(category)
    Product.objects.get(title="Dear bowl").stockrecords.update(num_in_stock=0)
    return {"home": home, "gifts": gifts}


def values(response, facet: str) -> dict[str, int]:
    facets = response.context_data["facet_data"]
    return {value["name"]: value["count"] for value in facets[facet]["results"]} if facet in facets else {}


def test_facets_count_what_choosing_them_would_find(shopper, goods):
    page = shopper.get("/catalogue/")

    assert values(page, "category") == {"Home": 2, "Gifts": 2}
    assert values(page, "type") == {"Bowls": 2, "Cups": 2}
    assert values(page, "price") == {
        "£2.00 – £5.00": 1,
        "£5.00 – £10.00": 1,
        "£10.00 – £20.00": 1,
        "£50.00 – £100.00": 1,
    }
    assert values(page, "stock") == {"In stock": 3}


def test_a_facet_filters_and_lets_go_again(shopper, goods):
    page = shopper.get("/catalogue/", {"page": "1"})
    cups = next(v for v in page.context_data["facet_data"]["type"]["results"] if v["name"] == "Cups")

    filtered = shopper.get(f"/catalogue/{cups['select_url']}")

    assert sorted(titles(filtered)) == ["Large cup", "Small cup"]
    assert values(filtered, "type") == {"Bowls": 2, "Cups": 2}
    assert values(filtered, "category") == {"Home": 1, "Gifts": 1}
    [chosen] = [v for v in filtered.context_data["facet_data"]["type"]["results"] if v["selected"]]
    assert len(titles(shopper.get(f"/catalogue/{chosen['deselect_url']}"))) == 4


def test_values_of_one_facet_are_alternatives_and_facets_narrow_each_other(shopper, goods):
    home = goods["home"].pk
    prices = shopper.get("/catalogue/").context_data["facet_data"]["price"]["results"]
    cheap, dear = (re.search(r"price=(\d+)", v["select_url"])[1] for v in (prices[0], prices[-1]))

    assert sorted(titles(shopper.get("/catalogue/", {"price": [cheap, dear]}))) == ["Dear bowl", "Small cup"]
    assert titles(shopper.get("/catalogue/", {"price": [cheap, dear], "category": home})) == ["Small cup"]
    assert titles(shopper.get("/catalogue/", {"price": dear, "stock": "1"})) == []


def test_prices_are_filtered_as_the_store_shows_them(shopper, aurora_store):
    Store.objects.update(tax_rate=Decimal("0.2"))
    a_product("Cup", aurora_store, price="9")
    a_product("Bowl", aurora_store, price="1")

    assert values(shopper.get("/catalogue/"), "price") == {"£1.00 – £2.00": 1, "£10.00 – £20.00": 1}


@pytest.mark.parametrize(
    "query", ["category=x", f"category={'9' * 30}", "price=99", "price=-1", "type=%00", "stock=yes", "category=1;2"]
)
def test_nonsense_for_a_filter_is_passed_over(shopper, goods, query):
    assert len(titles(shopper.get(f"/catalogue/?{query}"))) == 4


# Categories


def test_a_category_shows_what_is_in_it_and_below(shopper, aurora_store):
    home = Category.add_root(name="Home", description="<p>For the house.</p>")
    kitchen = home.add_child(name="Kitchen")
    for title, category in (("Cup", kitchen), ("Lamp", home)):
        a_product(title, aurora_store).categories.add(category)
    a_product("Tie", aurora_store).categories.add(Category.add_root(name="Clothes"))

    page = shopper.get(home.get_absolute_url())

    assert titles(page) == ["Lamp", "Cup"]
    text = page.content.decode()
    assert "<p>For the house.</p>" in text
    assert f'href="{kitchen.get_absolute_url()}">Kitchen' in text
    below = shopper.get(kitchen.get_absolute_url())
    assert titles(below) == ["Cup"]
    assert f'href="{home.get_absolute_url()}">Home' in below.content.decode()


def test_an_old_address_of_a_category_leads_to_the_new_one(shopper, aurora_store):
    home = Category.add_root(name="Home")
    a_product("Cup", aurora_store).categories.add(home)

    response = shopper.get(f"/catalogue/category/house_{home.pk}/")

    assert (response.status_code, response["location"]) == (301, home.get_absolute_url())


def test_a_category_is_not_found_where_it_is_empty_hidden_or_below_a_hidden_one(shopper, aurora_store):
    trade = open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    empty, hidden = Category.add_root(name="Empty"), Category.add_root(name="Hidden", is_public=False)
    below, elsewhere = hidden.add_child(name="Below"), Category.add_root(name="Elsewhere")
    for category in (hidden, below):
        a_product("Cup", aurora_store).categories.add(category)
    a_product("Cup", trade).categories.add(elsewhere)

    for category in (empty, hidden, Category.objects.get(pk=below.pk), elsewhere):
        assert shopper.get(category.get_absolute_url()).status_code == 404
    assert shopper.get(elsewhere.get_absolute_url(), headers={"host": "trade.example"}).status_code == 200


def test_a_category_that_filters_have_emptied_is_still_there(shopper, goods):
    response = shopper.get(goods["home"].get_absolute_url(), {"price": "16"})

    assert titles(response) == []


# Searching


def test_words_are_found_in_title_description_codes_attributes_and_categories(shopper, aurora_store):
    jug = a_product("Jug", aurora_store, upc="4006381333931", description="<p>Holds water</p>")
    attribute(jug, "glaze", "celadon")
    jug.categories.add(Category.add_root(name="Tableware"))
    jug.stockrecords.update(partner_sku="JG-77")
    a_product("Cup", aurora_store)

    for words in ("jug", "JUGS", "water", "4006381333931", "JG-77", "celadon", "tableware", "jug water", "celad"):
        assert find(shopper, words) == ["Jug"], words


def test_the_title_counts_for_more_than_the_description(shopper, aurora_store):
    a_product("Saucer", aurora_store, description="Goes with the cup")
    a_product("Cup", aurora_store, description="Goes with the saucer")

    assert find(shopper, "cup") == ["Cup", "Saucer"]
    assert find(shopper, "cup", sort_by="title") == ["Cup", "Saucer"]
    assert find(shopper, "saucer") == ["Saucer", "Cup"]


def test_variants_are_found_as_their_parent(shopper, aurora_store):
    a_parent("Shirt", aurora_store, variants={"Turquoise": "8", "Red": "8"})

    assert find(shopper, "turquoise") == ["Shirt"]


def test_accents_and_inflections_do_not_matter(shopper, aurora_store):
    a_product("Crème brûlée dishes", aurora_store)

    assert find(shopper, "creme brulee dish") == ["Crème brûlée dishes"]


def test_a_german_store_searches_in_german(shopper, aurora_store):
    open_store(NewStore(name="Laden", slug="laden", host="laden.example", language="de"))
    a_product("Schöne Häuser", Store.objects.get(slug="laden"))

    response = shopper.get("/search/", {"q": "Haus"}, headers={"host": "laden.example"})

    assert titles(response) == ["Schöne Häuser"]


def test_operators_are_understood(shopper, aurora_store):
    for title in ("Blue cup", "Red cup", "Blue glass bowl", "Bowl of blue glass"):
        a_product(title, aurora_store)

    assert find(shopper, "cup -red") == ["Blue cup"]
    assert find(shopper, '"blue glass"') == ["Blue glass bowl", "Bowl of blue glass"]
    assert sorted(find(shopper, "red or bowl")) == ["Blue glass bowl", "Bowl of blue glass", "Red cup"]


def test_an_empty_search_finds_everything(shopper, aurora_store):
    a_product("Cup", aurora_store)

    assert find(shopper, "") == find(shopper, "   ") == ["Cup"]


@pytest.mark.parametrize(
    "words",
    ["the", "'", '"', "''", "\\", "&", "|", "!", "(", ":*", "a:*b", "<->", "%", "_", "½", "½ ☕", "\x00", "-", "-cup",
     "' OR 1=1 --", "日本語", "ʼ", "x" * 5000, "a " * 500, "<script>", "🂡", "cup:A"],
)  # fmt: skip
def test_no_words_break_the_search(shopper, aurora_store, words):
    a_product("Bowl", aurora_store)

    response = shopper.get("/search/", {"q": words})

    assert response.status_code == 200
    assert "<script>" not in response.content.decode()


def test_what_was_searched_for_is_written_back_as_text(shopper, aurora_store):
    text = shopper.get("/search/", {"q": '"><b>cup'}).content.decode()

    assert 'value="&#34;&gt;&lt;b&gt;cup"' in text


# Queries


@pytest.mark.parametrize("path", ["catalogue", "category", "search"])
def test_a_list_takes_as_many_queries_for_many_products_as_for_few(shopper, aurora_store, path):
    category = Category.add_root(name="Home").add_child(name="Kitchen")
    category.add_child(name="Cups")
    address = {"catalogue": "/catalogue/", "category": category.get_absolute_url(), "search": "/search/?q=goods"}[path]

    def add(number: int) -> None:
        for n in range(number):
            product = a_product(f"Goods {n}", aurora_store)
            parent = a_parent(f"Goods in variants {n}", aurora_store, variants={"S": "8", "M": "9"})
            for each in (product, parent):
                each.categories.add(category.get_children()[0] if n % 2 else category)

    counts = []
    shopper.get("/catalogue/")  # fills the caches
    for _ in range(2):
        add(4)
        with counted_queries() as queries:
            assert len(titles(shopper.get(address))) == 8 * (len(counts) + 1)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 12, str(queries)


# The stranger


def test_nothing_of_another_merchant_or_another_store_is_found(shopper, aurora_store, lumen):
    trade = open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    a_product("Lamp of the trade", trade)
    with merchant_scope(lumen.pk):
        theirs = Category.add_root(name="Lamps")
        lamp = a_product("Lamp of Lumen", Store.objects.get())
        lamp.categories.add(theirs)
        address = theirs.get_absolute_url()

    for path in ("/catalogue/", "/search/?q=lamp", f"/search/?category={theirs.pk}", "/search/?q=lmap"):
        response = shopper.get(path)
        assert titles(response) == []
        assert "lamp of" not in response.content.decode().lower()
    assert shopper.get(address).status_code == 404
    assert Listing.objects.count() == 1


def test_an_address_with_too_many_filters_is_refused(shopper):
    query = "&".join(f"category={number}" for number in range(1100))

    assert shopper.get(f"/search/?{query}").status_code == 400


@pytest.mark.parametrize("path", ["/search/", "/catalogue/"])
def test_an_address_that_is_longer_than_anybody_types_is_refused(shopper, path):
    assert shopper.get(path, {"q": "x" * 10_000_000}).status_code == 400


MANY = ["-" * 60, "- " * 60, "-+" * 40, "–—" * 40, '-"' * 60, "-(" * 60, "!-" * 60, "-a " * 60, "or " * 60, '"' * 61]


@pytest.mark.parametrize("words", [*MANY, *(f"cup {signs}" for signs in MANY)])
def test_signs_without_end_are_a_search_like_any_other(shopper, aurora_store, words):
    a_product("Cup", aurora_store)

    assert shopper.get("/search/", {"q": words}).status_code == 200
    assert shopper.get("/search/suggest/", {"q": words}).status_code == 200


def test_a_minus_leaves_out_however_many_stand_there(shopper, aurora_store):
    for title in ("Red cup", "Blue cup"):
        a_product(title, aurora_store)

    assert [titles(shopper.get("/search/", {"q": f"cup {signs}red"})) for signs in ("-", "- -", "---")] == [
        ["Blue cup"]
    ] * 3

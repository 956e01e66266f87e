"""What a merchant says of searches: words that mean the same, products that stand first, where some lead to."""

import pytest
from django.test import Client

from shop.merchandising.actions import keep_led, keep_synonyms
from shop.merchandising.models import LedSearch, SynonymGroup
from shop.merchandising.queries import Said, said_of
from shop.merchandising.words import folded, terms_in, variants
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.queries import counted_queries
from tests.search.pages import find, titles

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def shopper(aurora_store) -> Client:
    return Client(headers={"host": "aurora.example"})


def synonyms(store: Store, terms: str, meanings: str, *, works_both_ways: bool = True) -> SynonymGroup:
    lists = {"terms": terms.split(", "), "meanings": meanings.split(", ")}
    return keep_synonyms(SynonymGroup(store=store, works_both_ways=works_both_ways, **lists), by=None)


def led(store: Store, query: str, *products, leads_to: str = "") -> LedSearch:
    return keep_led(LedSearch(store=store, query=query, leads_to=leads_to), [each.pk for each in products], by=None)


def proposed(shopper: Client, words: str) -> list[str]:
    return [each["title"] for each in shopper.get("/search/suggest/", {"q": words}).json()["suggestions"]]


# Words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Crème   BRÛLÉE ", "creme brulee"),
        ("T-Shirt!", "t shirt"),
        ("", ""),
        ("½ Straße", "1 2 strasse"),
        ("\x00", ""),
    ],
)
def test_words_are_compared_without_case_accents_and_marks(text, expected):
    assert folded(text) == expected


def test_each_term_is_replaced_where_it_stands_as_a_whole():
    assert terms_in("red corner sofa")[:4] == ["red", "red corner", "red corner sofa", "corner"]
    assert variants("red sofa", [("sofa", ["sofa", "couch"])]) == ("red couch",)
    assert variants("sofabed", [("sofa", ["couch"])]) == ()
    assert len(variants("a", [("a", [str(n) for n in range(99)])])) == 20
    assert variants("red sofa", [("sofa", [r"\1 \g<x>"])]) == (r"red \1 \g<x>",)


# Synonyms


def test_synonyms_find_each_other(shopper, aurora_store):
    for title in ("Red couch", "Red sofa", "Green sofa"):
        a_product(title, aurora_store)
    synonyms(aurora_store, "sofa", "couch, settee")

    assert sorted(find(shopper, "red couch")) == ["Red couch", "Red sofa"]
    assert sorted(find(shopper, "Settee")) == ["Green sofa", "Red couch", "Red sofa"]


def test_one_way_finds_one_way(shopper, aurora_store):
    for title in ("Trainers", "Running shoes"):
        a_product(title, aurora_store)
    synonyms(aurora_store, "shoes", "trainers", works_both_ways=False)

    assert sorted(find(shopper, "shoes")) == ["Running shoes", "Trainers"]
    assert find(shopper, "trainers") == ["Trainers"]


def test_phrases_and_inflections_are_understood(shopper, aurora_store):
    a_product("Mobile phones", aurora_store)
    synonyms(aurora_store, "cell phone", "mobile")

    assert find(shopper, "cell phone case") == []
    assert find(shopper, "Cell  Phone") == ["Mobile phones"]


def test_a_slip_in_a_synonym_is_mended(shopper, aurora_store):
    a_product("Red couch", aurora_store)
    synonyms(aurora_store, "settee", "couch")

    page = shopper.get("/search/", {"q": "setee"})

    assert titles(page) == ["Red couch"]
    assert page.context_data["suggestion"] == "settee"


def test_a_synonym_is_no_slip(shopper, aurora_store):
    for title in ("Red couch", "Settle"):
        a_product(title, aurora_store)
    synonyms(aurora_store, "settee", "couch")

    assert shopper.get("/search/", {"q": "settee"}).context_data["suggestion"] is None


def test_synonyms_are_proposed_while_typing_and_found_by_machines(shopper, aurora_store):
    a_product("Red couch", aurora_store)
    synonyms(aurora_store, "settee", "couch")

    assert proposed(shopper, "settee") == ["Red couch"]
    assert [row["title"] for row in shopper.get("/api/v1/products/", {"q": "settee"}).json()["results"]] == [
        "Red couch"
    ]


# Led searches


def test_products_stand_first_in_their_order_where_no_other_order_is_asked_for(shopper, aurora_store):
    rug, _, cushion = (a_product(title, aurora_store) for title in ("Rug", "Sofa", "Cushion"))
    led(aurora_store, "sofa", rug, cushion)

    assert find(shopper, "SOFA") == ["Rug", "Cushion", "Sofa"]
    assert find(shopper, "sofa", sort_by="title") == ["Cushion", "Rug", "Sofa"]
    assert find(shopper, "sofas") == ["Sofa"]
    assert proposed(shopper, "sofa") == ["Rug", "Cushion", "Sofa"]


def test_a_led_product_that_is_hidden_or_filtered_away_is_not_shown(shopper, aurora_store):
    rug, _ = a_product("Rug", aurora_store), a_product("Sofa", aurora_store)
    led(aurora_store, "sofa", rug)

    rug.stockrecords.update(num_in_stock=0)
    assert find(shopper, "sofa", stock="1") == ["Sofa"]
    rug.is_public = False
    rug.save()
    assert find(shopper, "sofa") == ["Sofa"]


def test_a_search_leads_to_an_address(shopper, aurora_store):
    led(aurora_store, "delivery", leads_to="/catalogue/")

    answer = shopper.get("/search/", {"q": "Delivery"})

    assert (answer.status_code, answer["location"]) == (302, "/catalogue/")


def test_rules_take_as_many_statements_however_many_there_are(shopper, aurora_store):
    goods = [a_product(f"Sofa {n}", aurora_store) for n in range(4)]
    led(aurora_store, "sofa", goods[0])
    synonyms(aurora_store, "sofa", "couch")
    find(shopper, "sofa")

    with counted_queries() as few:
        find(shopper, "sofa")
    for n in range(5):
        synonyms(aurora_store, "sofa", f"settee{n}, divan{n}")
    LedSearch.objects.all().delete()
    led(aurora_store, "sofa", *goods)
    with counted_queries() as many:
        find(shopper, "sofa")

    assert len(few) == len(many)


# The stranger


def test_rules_of_another_store_or_merchant_say_nothing(shopper, aurora_store, lumen):
    trade = open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    rug, _ = a_product("Rug", aurora_store, trade), a_product("Sofa", aurora_store)
    synonyms(trade, "sofa", "rug")
    led(trade, "sofa", rug)
    with merchant_scope(lumen.pk):
        theirs = Store.objects.get()
        synonyms(theirs, "sofa", "rug")
        led(theirs, "sofa", leads_to="/catalogue/")

    assert find(shopper, "sofa") == ["Sofa"]
    assert said_of("sofa", store_id=theirs.pk) == Said()

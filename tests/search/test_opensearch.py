"""Searching by OpenSearch: what it is asked, what is made of its answers, and who searches where it cannot.

Its answers are hand-written after its documentation (`an_opensearch`): no OpenSearch has run here.
"""

import time

import pytest
from django.test import Client

from shop.catalogue.models import Category, Product
from shop.companies.models import PartNumber
from shop.merchandising.models import FirstProduct, LedSearch
from shop.search import opensearch as opensearch_engine
from shop.search import postgresql
from shop.search.contract import Engine, Index
from shop.search.criteria import PriceRange
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_product, product_class
from tests.pricing.trade import a_buyer_of, a_company, a_list, set_prices
from tests.search.an_opensearch import found
from tests.search.pages import find, titles

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def goods(aurora_store) -> dict[str, int]:
    return {title: a_product(title, aurora_store).pk for title in ("Cup", "Cup of tin", "Bowl")}


def asked_once(opensearch) -> dict:
    ((method, path, sent),) = opensearch.asked
    assert (method, path.rpartition("/")[2]) == ("POST", "_search")
    return sent


def words_of(sent: dict) -> list[dict]:
    """The ways in which the words are sought; what a document weighs by its stock and popularity comes on top."""
    ranked = sent["query"]["bool"]["must"][0]["dis_max"]["queries"][0]["function_score"]
    assert ranked["field_value_factor"] == {"field": "push", "missing": 1}
    return ranked["query"]["dis_max"]["queries"]


def test_a_search_shows_what_is_answered_in_its_order(aurora, shopper, goods, opensearch):
    opensearch.answers["_search"] = found(goods["Bowl"], goods["Cup"], total=2)

    page = shopper.get("/search/", {"q": "cup"})

    assert titles(page) == ["Bowl", "Cup"]
    assert page.context_data["number_found"] == "2"
    ((_, path, sent),) = opensearch.asked
    assert path == f"/stoa-{aurora.pk}/_search"
    assert sent["query"]["bool"]["filter"] == [{"term": {"store_id": Store.objects.get().pk}}]
    assert (sent["from"], sent["size"], sent["track_total_hits"]) == (0, 24, 10_001)
    assert sent["sort"] == [{"_score": "desc"}, {"sort_title": "asc"}, {"product_id": "asc"}]
    said, beginning = words_of(sent)
    assert said["simple_query_string"] | {"fields": None} == {
        "query": "cup",
        "fields": None,
        "default_operator": "and",
        "flags": "OR|NOT|PHRASE|WHITESPACE",
    }
    assert beginning["multi_match"]["type"] == "bool_prefix"
    assert beginning["multi_match"]["fields"][0] == "texts.en.title^8"


def test_operators_are_asked_as_they_are_meant(shopper, goods, opensearch):
    opensearch.answers["_search"] = found(goods["Bowl"])

    shopper.get("/search/", {"q": '"blue cup" OR bowl -tin'})

    (said,) = words_of(asked_once(opensearch))
    assert said["simple_query_string"]["query"] == '"blue cup" | bowl -tin'


@pytest.mark.parametrize("engine", [postgresql, opensearch_engine])
def test_both_engines_fulfil_the_contract(engine):
    assert (isinstance(engine, Engine), isinstance(engine, Index)) == (True, True)


def test_each_facet_is_counted_among_what_the_other_filters_leave(shopper, goods, opensearch):
    glass, tin = product_class("Glass").pk, product_class("Tin").pk
    home = Category.add_root(name="Home")
    deep = home.add_child(name="Deep")
    answer = found(
        goods["Cup"],
        total=7,
        category={f"1:{home.pk}": 6, f"1:{deep.pk}": 3, "1:999999999": 1},
        price={"7": 2, "3": 0},
        **{"class": {glass: 4, tin: 3}},
    )
    opensearch.answers["_search"] = answer

    page = shopper.get("/search/", {"q": "cup", "type": [glass, tin], "price": ["3", "7"], "stock": "1"})

    sent = asked_once(opensearch)
    by_class = {"terms": {"class_id": [glass, tin]}}
    by_price = {
        "bool": {
            "should": [{"range": {"price": {"gte": 0.5, "lt": 1.0}}}, {"range": {"price": {"gte": 10.0, "lt": 20.0}}}],
            "minimum_should_match": 1,
        }
    }
    by_stock = {"term": {"is_in_stock": True}}
    assert sent["post_filter"] == {"bool": {"filter": [by_class, by_price, by_stock]}}
    facets = {name: facet["filter"]["bool"]["filter"] for name, facet in sent["aggs"].items() if name != "all"}
    assert facets == {
        "category": [by_class, by_price, by_stock],
        "class": [by_price, by_stock],
        "price": [by_class, by_stock],
        "stock": [by_class, by_price],
    }
    assert sent["aggs"]["category"]["aggs"]["values"]["terms"]["include"] == "1:.*"
    assert len(sent["aggs"]["price"]["aggs"]["values"]["range"]["ranges"]) == len(PriceRange.all())
    drawn = page.context_data["facet_data"]
    counts = {name: {each["name"]: each["count"] for each in facet["results"]} for name, facet in drawn.items()}
    assert counts["type"] == {"Glass": 4, "Tin": 3}
    assert counts["price"] == {"£10.00 – £20.00": 2}
    assert counts["category"] == {"Home": 6}  # of this level, that there are


def test_a_list_of_a_category_by_price_asks_for_that(shopper, aurora_store, goods, opensearch):
    home = Category.add_root(name="Home")
    opensearch.answers["_search"] = found(goods["Cup"], total=30)

    page = shopper.get(home.get_absolute_url(), {"sort_by": "price-desc", "page": "2"})

    assert titles(page) == ["Cup"]
    sent = asked_once(opensearch)
    store, within = {"term": {"store_id": aurora_store.pk}}, {"term": {"category_ids": home.pk}}
    assert sent["query"] == {"bool": {"filter": [store, within]}}
    assert sent["sort"][0] == {"price": {"order": "desc", "missing": "_last"}}
    assert (sent["from"], sent["aggs"]["category"]["aggs"]["values"]["terms"]["include"]) == (24, "2:.*")


def test_more_than_is_counted_is_said_to_be_more(shopper, goods, opensearch):
    opensearch.answers["_search"] = found(goods["Cup"], total=10_001)

    assert shopper.get("/search/", {"q": "cup"}).context_data["number_found"] == "10,000+"


def test_codes_and_what_the_merchant_leads_to_score_above_all_words(aurora_store, goods, opensearch):
    company = a_company()
    PartNumber.objects.create(company=company, product_id=goods["Bowl"], number="K-7")
    led = LedSearch.objects.create(store=aurora_store, query="k 7")
    FirstProduct.objects.create(search=led, product_id=goods["Cup"], position=0)
    buyer = Client(headers={"host": "aurora.example"})
    buyer.force_login(a_buyer_of(company))
    opensearch.answers["_search"] = found(goods["Cup"], goods["Bowl"])

    assert find(buyer, "K-7") == ["Cup", "Bowl"]

    _, coded, first = asked_once(opensearch)["query"]["bool"]["must"][0]["dis_max"]["queries"]
    assert coded == {
        "constant_score": {"filter": {"terms": {"product_id": [goods["Bowl"]]}}, "boost": 1_000_000},
    }
    assert first == {"constant_score": {"filter": {"term": {"product_id": goods["Cup"]}}, "boost": 2_000_000}}


def test_proposals_come_from_it_too(shopper, aurora_store, goods, opensearch):
    opensearch.answers["_search"] = found(goods["Cup of tin"])

    told = shopper.get("/search/suggest/", {"q": "cup t"}).json()["suggestions"]

    assert [each["title"] for each in told] == ["Cup of tin"]
    sent = asked_once(opensearch)
    assert sent["query"]["bool"]["filter"] == [{"term": {"store_id": aurora_store.pk}}]
    assert words_of(sent)[0]["multi_match"]["type"] == "bool_prefix"


def test_slips_are_mended_by_the_words_of_the_store(shopper, goods, opensearch):
    opensearch.answers["_search"] = found()

    shopper.get("/search/", {"q": "bowll"})

    queries = [words_of(sent)[0]["simple_query_string"]["query"] for _, _, sent in opensearch.asked]
    assert queries == ["bowll", "bowl"]


# Whom PostgreSQL serves


def test_a_company_with_prices_of_its_own_is_served_where_they_are_reckoned(aurora_store, goods, opensearch):
    company = a_company()
    set_prices(a_list("agreed", company=company), Product.objects.get(pk=goods["Bowl"]), "1:4")
    buyer = Client(headers={"host": "aurora.example"})
    buyer.force_login(a_buyer_of(company))

    assert titles(buyer.get("/search/", {"q": "", "sort_by": "price-asc"}))[0] == "Bowl"
    assert opensearch.asked == []


def test_a_company_that_sees_prices_without_tax_is_counted_by_those(aurora_store, goods, opensearch):
    aurora_store.tax_display = "incl"
    aurora_store.save()
    buyer = Client(headers={"host": "aurora.example"})
    buyer.force_login(a_buyer_of(a_company(tax_display="excl")))
    opensearch.answers["_search"] = found(goods["Cup"])

    buyer.get("/search/", {"q": "cup", "sort_by": "price-asc"})

    sent = asked_once(opensearch)
    assert (list(sent["sort"][0]), sent["aggs"]["price"]["aggs"]["values"]["range"]["field"]) == (["net"], "net")


def test_who_is_told_no_prices_is_counted_by_none(shopper, aurora_store, goods, opensearch):
    aurora_store.hides_prices = True
    aurora_store.save()
    opensearch.answers["_search"] = found(goods["Cup"])

    shopper.get("/search/", {"q": "cup", "sort_by": "price-asc", "price": "7"})

    sent = asked_once(opensearch)
    assert "price" not in sent["aggs"]
    assert sent["post_filter"] == {"bool": {"filter": []}}


@pytest.mark.parametrize(
    "answer",
    [
        (500, {"error": "all shards failed"}),
        (404, {"error": {"type": "index_not_found_exception"}, "status": 404}),
        (302, {}),
        b"<html>",
        [],
        {"hits": {}},
        found() | {"aggregations": {}},
    ],
)
def test_postgresql_answers_where_it_answers_nonsense(shopper, goods, opensearch, caplog, answer):
    opensearch.answers["_search"] = answer

    assert find(shopper, "cup") == ["Cup", "Cup of tin"]
    assert len(opensearch.asked) == 1
    assert "search.away" in caplog.text


def test_it_is_left_alone_for_a_while_when_it_is_too_slow(shopper, goods, opensearch, monkeypatch):
    monkeypatch.setattr("shop.search.opensearch.http.TO_SEARCH", (0.5, 0.2))
    opensearch.pause_s = 1

    started = time.monotonic()
    assert find(shopper, "cup") == ["Cup", "Cup of tin"]
    assert find(shopper, "bowl") == ["Bowl"]

    assert (len(opensearch.asked), time.monotonic() - started < 20) == (1, True)


def test_nobody_there_is_no_failure(shopper, goods, opensearch, settings):
    settings.SEARCH_URL = "http://user:secret@127.0.0.1:9"

    assert find(shopper, "cup") == ["Cup", "Cup of tin"]


# The stranger


def test_another_merchant_asks_another_index_and_shows_nothing_of_this_one(lumen, goods, opensearch):
    opensearch.answers["_search"] = found(*goods.values())

    page = Client(headers={"host": "lumen.example"}).get("/search/", {"q": "cup"})

    assert titles(page) == []
    ((_, path, sent),) = opensearch.asked
    with merchant_scope(lumen.pk):
        assert sent["query"]["bool"]["filter"] == [{"term": {"store_id": Store.objects.get().pk}}]
    assert path == f"/stoa-{lumen.pk}/_search"

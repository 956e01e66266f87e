"""Questions to OpenSearch, and what its answers mean.

Several values of a facet may be chosen. So that each facet's counts leave its own filter out, the filters are a
`post_filter`, and each aggregation is filtered by those of the others:
https://docs.opensearch.org/latest/search-plugins/filter-search/
"""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connection
from oscar.core.loading import get_model

from shop.catalogue.models import Category

from ..contract import Away, NotThere, Typed
from ..criteria import ALMOST_NOTHING, PRICE_SORTS, Count, Criteria, Found, PriceRange, Sort
from ..postgresql.words import CODED, code_parameters, plain_words
from .http import ask
from .indexes import alias, texts_of

ProductClass = get_model("catalogue", "ProductClass")
Query = dict[str, Any]
Answer = TypeVar("Answer")

MOST_VALUES = 1000
"""Of a facet."""
FIELDS = ("title^8", "codes^8", "facts^4", "categories^2", "description")
"""In the order of weight of `search_rows`."""
OF_CODE, OF_LEAD = 1_000_000, 2_000_000
"""What a product scores that is called so, or that the search leads to: words stay below."""


NONSENSE = (AttributeError, KeyError, TypeError, ValueError)
"""What reading an answer raises that is not as documented."""


def find(criteria: Criteria) -> Found:
    """Raises `NotThere` for a buyer with prices of their own, which only PostgreSQL can reckon."""
    return _asked(question(criteria, price=price_field(criteria)), lambda told: answer(told, criteria))


def meant(criteria: Criteria) -> str | None:
    """Raises `NotThere`: the words of each store are in PostgreSQL, and an index holds several stores."""
    raise NotThere("OpenSearch mends no words here.")


def propose(typed: Typed) -> list[int]:
    words: list[Query] = [_words(typed.words, typed.language, kind="bool_prefix")]
    words += [_words(synonym, typed.language) for synonym in typed.synonyms]
    likely = [
        {"constant_score": {"filter": {"prefix": {"sort_title": typed.words}}, "boost": 200}},
        {"constant_score": {"filter": {"term": {"is_in_stock": True}}, "boost": 100}},
    ]
    named = _named(typed.code, typed.company_id, typed.led_to)
    asked = {
        "_source": False,
        "size": typed.limit,
        "query": {
            "bool": {
                "filter": [{"term": {"store_id": typed.store_id}}],
                "must": [_any(words, named)],
                "should": likely,
            }
        },
        "sort": ORDER[Sort.RELEVANCE],
        "docvalue_fields": ["product_id"],
    }
    return _asked(asked, product_ids)


def _asked(question: Query, read: Callable[[dict[str, Any]], Answer]) -> Answer:
    """What the merchant's index says, as `read` understands it. Raises `Away`, also where it does not."""
    told = ask(f"/{alias()}/_search", question)
    try:
        return read(told)
    except NONSENSE as error:
        raise Away(f"an answer without {error}") from error


BY_NAME: list[Query] = [{"sort_title": "asc"}, {"product_id": "asc"}]
ORDER: dict[Sort, list[Query]] = {
    Sort.RELEVANCE: [{"_score": "desc"}, *BY_NAME],
    Sort.NEWEST: [{"listed_at": "desc"}, {"product_id": "desc"}],
    Sort.POPULAR: [{"popularity": "desc"}, {"listed_at": "desc"}, {"product_id": "desc"}],
    Sort.TITLE: BY_NAME,
}


def price_field(criteria: Criteria) -> str | None:
    """Which price of a document this buyer pays; None for who is told none. Raises `NotThere`."""
    buyer = criteria.buyer
    if buyer and buyer.hides_prices:
        return None
    if criteria.is_reckoned:
        raise NotThere("Own prices are reckoned in PostgreSQL.")
    if buyer is None or buyer.sells_with_tax == criteria.store_shows_tax:
        return "price"
    if buyer.sells_with_tax:
        raise NotThere("Documents have no price with tax in a store that shows it without.")
    return "net"


def question(criteria: Criteria, *, price: str | None) -> Query:
    filters = {facet: fits for facet, fits in _filters(criteria, price).items() if fits}
    return {
        "_source": False,
        "docvalue_fields": ["product_id"],
        "from": criteria.offset,
        "size": criteria.limit,
        "track_total_hits": criteria.most_counted + 1,
        "query": _query(criteria),
        "post_filter": {"bool": {"filter": list(filters.values())}},
        "aggs": {"all": {"filter": {"match_all": {}}}}
        | {
            facet: {
                "filter": {"bool": {"filter": [fits for other, fits in filters.items() if other != facet]}},
                "aggs": {"values": values},
            }
            for facet, values in _facets(criteria, price).items()
        },
        "sort": _order(criteria, price),
    }


def answer(told: dict[str, Any], criteria: Criteria) -> Found:
    facets, total = told["aggregations"], told["hits"]["total"]["value"]
    categories = {int(bucket["key"].partition(":")[2]): bucket["doc_count"] for bucket in _buckets(facets, "category")}
    classes = {int(bucket["key"]): bucket["doc_count"] for bucket in _buckets(facets, "class")}
    prices = [Count(int(each["key"]), "", "", each["doc_count"]) for each in _buckets(facets, "price")]
    return Found(
        product_ids=product_ids(told),
        total=total,
        total_unfiltered=min(facets["all"]["doc_count"], ALMOST_NOTHING),
        categories=[
            Count(pk, name, slug, categories[pk])
            for pk, name, slug in Category.objects.filter(pk__in=categories, depth=criteria.category_level)
            .order_by("path")
            .values_list("pk", "name", "slug")
        ],
        classes=[
            Count(pk, name, slug, classes[pk])
            for pk, name, slug in ProductClass.objects.filter(pk__in=classes)
            .order_by("name")
            .values_list("pk", "name", "slug")
        ],
        prices=sorted((count for count in prices if count.number), key=lambda count: count.value),
        in_stock=Count(1, "", "", facets["stock"]["values"]["doc_count"]),
        most_counted=criteria.most_counted,
    )


def product_ids(told: dict[str, Any]) -> list[int]:
    return [int(hit["fields"]["product_id"][0]) for hit in told["hits"]["hits"]]


def _buckets(facets: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return facets[name]["values"]["buckets"] if name in facets else []


def _query(criteria: Criteria) -> Query:
    """The store, always; the category; and the words, or what is called by them."""
    filters: list[Query] = [{"term": {"store_id": criteria.store_id}}]
    if criteria.within is not None:
        filters.append({"term": {"category_ids": criteria.within}})
    if not criteria.words:
        return {"bool": {"filter": filters}}
    words = [_said(criteria.words, criteria.language)]
    if plain_words(criteria.words):
        words.append(_words(criteria.words, criteria.language, kind="bool_prefix"))
    words += [_words(synonym, criteria.language) for synonym in criteria.synonyms]
    named = _named(criteria.words.strip(), criteria.company_id, criteria.led_to)
    return {"bool": {"filter": filters, "must": [_any(words, named)]}}


def _any(words: list[Query], named: list[Query]) -> Query:
    """The best of them counts; of words, with the push that a document has."""
    by_words = {"query": {"dis_max": {"queries": words}}, "field_value_factor": {"field": "push", "missing": 1}}
    return {"dis_max": {"queries": [{"function_score": by_words}, *named]}}


def _said(words: str, language: str) -> Query:
    """`"in this order"`, `-without` and `or` are understood, as in PostgreSQL's `websearch_to_tsquery`."""
    said = re.sub(r"\s+or\s+", " | ", words, flags=re.IGNORECASE)
    return {
        "simple_query_string": {
            "query": said,
            "fields": _fields(language),
            "default_operator": "and",
            "flags": "OR|NOT|PHRASE|WHITESPACE",
        }
    }


def _words(words: str, language: str, *, kind: str = "cross_fields") -> Query:
    """All of them; with `bool_prefix`, the last as a beginning as well."""
    return {"multi_match": {"query": words, "type": kind, "operator": "and", "fields": _fields(language)}}


def _fields(language: str) -> list[str]:
    return [f"{texts_of(language)}.{field}" for field in FIELDS]


def _named(code: str, company_id: int | None, led_to: tuple[int, ...]) -> list[Query]:
    """Products that stand first whatever their words: by codes, which PostgreSQL has an index of, or led to."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {CODED}", code_parameters(code, company_id))
        coded = cursor.fetchone()[0]
    named = [_constant({"terms": {"product_id": coded}}, OF_CODE)] if coded else []
    return named + [_constant({"term": {"product_id": pk}}, OF_LEAD - at) for at, pk in enumerate(led_to)]


def _constant(query: Query, score: int) -> Query:
    return {"constant_score": {"filter": query, "boost": score}}


def _filters(criteria: Criteria, price: str | None) -> dict[str, Query | None]:
    ranges = [_range(PriceRange.all()[bucket]) for bucket in criteria.price_buckets]
    by_price = [{"range": {price: {"gte": low, "lt": high}}} for low, high in ranges] if price else []
    return {
        "category": {"terms": {"category_ids": list(criteria.categories)}} if criteria.categories else None,
        "class": {"terms": {"class_id": list(criteria.classes)}} if criteria.classes else None,
        "price": {"bool": {"should": by_price, "minimum_should_match": 1}} if ranges else None,
        "stock": {"term": {"is_in_stock": True}} if criteria.only_in_stock else None,
    }


def _facets(criteria: Criteria, price: str | None) -> dict[str, Query]:
    level = f"{criteria.category_level}:.*"
    facets: dict[str, Query] = {
        "category": {"terms": {"field": "categories", "include": level, "size": MOST_VALUES}},
        "class": {"terms": {"field": "class_id", "size": MOST_VALUES}},
        "stock": {"filter": {"term": {"is_in_stock": True}}},
    }
    if price:
        ranges = [
            {"key": str(number)} | {side: value for side, value in (("from", low), ("to", high)) if value is not None}
            for number, (low, high) in enumerate(map(_range, PriceRange.all()))
        ]
        facets["price"] = {"range": {"field": price, "ranges": ranges}}
    return facets


def _range(prices: PriceRange) -> tuple[float | None, float | None]:
    lower, upper = prices.lower, prices.upper
    return (None if lower is None else float(lower), None if upper is None else float(upper))


def _order(criteria: Criteria, price: str | None) -> list[Query]:
    if criteria.sort not in PRICE_SORTS:
        return ORDER[criteria.sort]
    way = "asc" if criteria.sort == Sort.PRICE_ASCENDING else "desc"
    return [{price: {"order": way, "missing": "_last"}}, *BY_NAME] if price else BY_NAME

"""What words are to the database: a query that ranks, and a shorter one that finds the same."""

import pytest
from django.db import connection

from shop.search.criteria import Criteria
from shop.search.models import Entry
from shop.search.postgresql.words import words_of
from tests.goods import a_product

pytestmark = [pytest.mark.django_db, pytest.mark.data]

TITLES = (
    "Blue cups",
    "Cup, blue",
    "Cupboard",
    "The shirt of a giant",
    "Shirts",
    "AB-12_c cup",
    "Foo bar",
    "Foobar",
    "Café",
)
SEARCHES = (
    *("cup", "cups", "cu", "shirts", "shirt", "shir", "the", "the shirt", "a giant", "cafe", "café", "caf"),
    *("blue cup", "cup blue", "blue cups", "foo_bar", "foo_b", "foo bar", "ab-12_c", "12_c", "ab 12"),
    *('"blue cup"', "blue -cup", "cup or shirt", "-cup", "", "'", "cup:*", "cup & blue", "cup | 'blue'", "!", "cup\\"),
)


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("synonyms", [(), ("mug", "shirt")])
def test_the_shorter_query_finds_the_same(aurora_store, language, synonyms):
    for title in TITLES:
        a_product(title, aurora_store)
    assert Entry.objects.count() == len(TITLES)

    for searched in SEARCHES:
        words = words_of(Criteria(aurora_store.pk, language, words=searched, synonyms=synonyms))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT product_id FROM search_entry WHERE (text @@ %s::tsquery) <> (text @@ %s::tsquery)",
                [words.query, words.shortest],
            )
            assert cursor.fetchall() == [], searched


@pytest.mark.parametrize(
    ("searched", "shortest"),
    [("sidi", "'sidi':*"), ("blue sidi", "'blue' & 'sidi':*"), ("shirts", "'shirt' | 'shirts':*")],
)
def test_what_is_found_twice_is_looked_for_once(aurora_store, searched, shortest):
    assert words_of(Criteria(aurora_store.pk, "en", words=searched)).shortest == shortest

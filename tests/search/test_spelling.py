"""What was meant is found: words with slips in them, by the words of the store's own products."""

import pytest
from django.db import connection

from shop.catalogue.models import Product
from shop.search.models import Word
from shop.search.postgresql.spelling import joined, slips, split
from shop.search.writing import as_written
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.queries import counted_queries
from tests.search.pages import find, titles

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def suggestion(shopper, words: str) -> str | None:
    return shopper.get("/search/", {"q": words}).context_data["suggestion"]


def words_of(store: Store) -> set[str]:
    return set(Word.objects.filter(store=store).values_list("word", flat=True))


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [("cup", "cup", 0), ("", "cup", 3), ("cup", "", 3), ("cpu", "cup", 1), ("cpus", "cup", 2), ("abcd", "badc", 2),
     ("teapot", "tepott", 2), ("kitten", "sitting", 3), ("ca", "abc", 3)],
)  # fmt: skip
def test_neighbours_that_change_places_are_one_slip(one, other, number):
    assert slips(one, other) == slips(other, one) == number


def test_a_space_may_be_one_too_many_or_missing():
    assert joined(["blue", "tea", "pot"]) == ["bluetea pot", "blue teapot"]
    assert split(["teapots"]) == ["tea pots", "teap ots"]
    assert joined(["teapots"]) == split(["blue", "teapots"]) == split(["pot"]) == []


@pytest.mark.parametrize(
    ("words", "written"),
    [("bluten tee", "blüten tee"), ("creme brulee", "crème brûlée"), ("strasse", "straße"), ("cup", "cup"), ("", "")],
)
def test_words_have_the_accents_of_the_first_title_in_which_they_stand(words, written):
    assert as_written(words, ["Blüten-Tee", "Crème Brûlée", "Bluten", "Straße"]) == written


# The page


def test_words_with_slips_find_what_was_meant_and_say_so(shopper, aurora_store):
    a_product("Ceramic teapot", aurora_store)

    response = shopper.get("/search/", {"q": "cermaic tepot"})

    assert titles(response) == ["Ceramic teapot"]
    text = response.content.decode()
    assert "Nothing was found for “cermaic tepot”." in text
    assert 'Showing results for <a href="/search/?q=ceramic%20teapot">ceramic teapot</a>.' in text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("teapto", "teapot"),
        ("teaport", "teapot"),
        ("taepot", "teapot"),
        ("TEPOT", "teapot"),
        ("teepots", "teapot"),
        ("cpu", "cup"),
        ("cupp", "cup"),
        ("curtian", "curtain"),
        ("bruleé dihs", "brûlée dish"),
        ("blue cupp", "blue cup"),
    ],
)
def test_a_slip_or_two_are_mended(shopper, aurora_store, typed, meant):
    for title in ("Teapot", "Blue cup", "Curtain", "Crème brûlée dish"):
        a_product(title, aurora_store)

    assert suggestion(shopper, typed) == meant


@pytest.mark.parametrize("words", ["xylophone", "teap", "tea", '"tepot"', "-tepot", "zz", "40063", "the", "blubb"])
def test_nothing_is_guessed_where_nothing_is_like_it_or_nothing_is_wrong(shopper, aurora_store, words):
    a_product("Ceramic teapot for the 40064 blute", aurora_store)

    assert suggestion(shopper, words) is None


def test_what_finds_a_little_is_found_and_more_is_proposed(shopper, aurora_store):
    a_product("Teapto (misprint)", aurora_store)
    for n in range(3):
        a_product(f"Teapot {n}", aurora_store)

    response = shopper.get("/search/", {"q": "teapto"})

    assert titles(response) == ["Teapto (misprint)"]
    assert 'Did you mean <a href="/search/?q=teapot">teapot</a>?' in response.content.decode()


def test_a_word_that_finds_something_is_not_replaced_by_one_that_finds_no_more(shopper, aurora_store):
    a_product("Vase", aurora_store)
    a_product("Case", aurora_store)

    assert suggestion(shopper, "vase") is None


def test_words_that_find_nothing_together_are_not_proposed(shopper, aurora_store):
    a_product("Blue teapot", aurora_store)

    assert suggestion(shopper, "bleu xylophone") is None
    assert suggestion(shopper, "bleu teapot") == "blue teapot"


def test_of_two_words_as_near_the_more_frequent_is_meant(shopper, aurora_store):
    for title in ("Bolt", "Bowl one", "Bowl two"):
        a_product(title, aurora_store)

    assert suggestion(shopper, "bolw") == "bowl"
    assert suggestion(shopper, "boll") == "bowl"


def test_what_was_meant_can_be_filtered_and_paged(shopper, aurora_store, settings):
    settings.OSCAR_PRODUCTS_PER_PAGE = 2
    for n in range(3):
        a_product(f"Teapot {n}", aurora_store, price=str(n + 1))

    assert len(find(shopper, "tepaot", page=2)) == 1
    assert find(shopper, "tepaot", sort_by="price-asc") == ["Teapot 0", "Teapot 1"]
    assert shopper.get("/search/", {"q": "tepaot", "page": 3}).status_code == 404


@pytest.mark.parametrize("words", ["\u0130" * 200, "ß" * 200, "cupp " * 40, "x" * 200])
def test_words_that_are_too_long_or_too_many_suggest_nothing(shopper, aurora_store, words):
    """U+0130 is two characters when it is small, so 200 of them are more than PostgreSQL compares."""
    a_product("ß" * 255, aurora_store)
    a_product("\u0130" * 255, aurora_store)

    assert shopper.get("/search/", {"q": words + " zz"}).context_data["suggestion"] is None
    assert shopper.get("/search/", {"q": "ssssssss"}).status_code == 200


@pytest.mark.parametrize(
    ("typed", "meant", "found"),
    [
        ("tee kanne", "teekanne", ["Teekanne Abend"]),
        ("Blüten tee kanne", "blüten teekanne", ["Blüten-Teekanne"]),
        ("couchroll", "couch roll", ["Couch Roll, 50 cm"]),
        ("crèmebrûlée", "crème brûlée", ["Crème brûlée"]),
        ("rolls couch", None, ["Couch Roll, 50 cm"]),
    ],
)
def test_words_are_written_as_one_or_as_two(shopper, aurora_store, typed, meant, found):
    for title in ("Teekanne Abend", "Blüten-Teekanne", "Kaffeekanne", "Couch Roll, 50 cm", "Crème brûlée"):
        a_product(title, aurora_store)

    response = shopper.get("/search/", {"q": typed})

    assert response.context_data["suggestion"] == meant
    assert titles(response)[:1] == found


@pytest.mark.parametrize("size", [1, 50])
def test_mending_takes_as_many_queries_for_many_words_as_for_one(shopper, aurora_store, size):
    for n in range(size):
        a_product(f"Teapot {'abcdefghij'[n % 10]}{n}x", aurora_store)
    find(shopper, "teapot")  # fills the caches

    with counted_queries() as as_typed:
        find(shopper, "teapot", sort_by="title")
    with counted_queries() as mended:
        find(shopper, "tepaot", sort_by="title")

    few = size < 3  # then a search as typed asks what else there is, too, and whether it is two words
    more = 2 if few else 4  # what the merchant says of the words that were meant, and more
    assert len(mended) - len(as_typed) == more


# The words of a store


def test_a_store_learns_the_words_of_its_titles_once(aurora_store):
    a_product("Blue CRÈME cup, 20 cm, 4x4", aurora_store)
    a_product("Blue cup", aurora_store)
    a_product("Unlisted lamp")

    assert words_of(aurora_store) == {"blue", "creme", "cup", "4x4"}
    assert Word.objects.count() == 4


def test_it_learns_what_is_renamed_and_proposes_no_word_that_is_gone(shopper, aurora_store):
    a_product("Teapot", aurora_store)

    Product.objects.update(title="Kettle")

    assert words_of(aurora_store) == {"teapot", "kettle"}
    assert suggestion(shopper, "tepot") is None
    assert suggestion(shopper, "ketle") == "kettle"


def test_it_learns_nothing_by_other_changes(aurora_store):
    a_product("Teapot", aurora_store)
    Word.objects.all().delete()

    Product.objects.update(description="A pot for tea")

    assert words_of(aurora_store) == set()


# The stranger


def test_words_of_another_store_or_merchant_are_never_proposed(shopper, aurora_store, lumen):
    trade = open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    a_product("Secret kettle", trade)
    with merchant_scope(lumen.pk):
        a_product("Secret teapot", Store.objects.get())

    assert [suggestion(shopper, words) for words in ("ketle", "tepot", "sercet")] == [None, None, None]
    with connection.cursor() as cursor:
        for table in ("search_word", "search_words_scoped"):
            cursor.execute(f"SELECT array_agg(word ORDER BY word) FROM {table}")
            assert cursor.fetchone() == (["kettle", "secret"],)

"""Feeding OpenSearch, which is a server of hand-written answers here (`an_opensearch`)."""

from io import StringIO
from string import ascii_lowercase

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shop.catalogue.models import Category, Product
from shop.listings.actions import unlist_products
from shop.search.contract import Away
from shop.search.models import Change, Feed
from shop.search.opensearch import keep
from shop.search.opensearch.feeding import rebuild, send_changes
from shop.search.opensearch.indexes import STEMMERS
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product, attribute
from tests.search.an_opensearch import bulk_answer

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def cup(aurora_store) -> Product:
    return a_product("Crème cup", aurora_store, upc="U-1", description="<p>To <b>drink</b> of.</p>")


@pytest.fixture
def fed(cup, opensearch) -> Product:
    """It is known over there."""
    list(rebuild())
    opensearch.asked.clear()
    return cup


def test_a_document_says_what_a_shopper_may_look_for(aurora, aurora_store, cup, opensearch):
    home = Category.add_root(name="Home")
    deep = home.add_child(name="Kitchen")
    deep.product_set.add(cup)
    attribute(cup, "colour", "Blue")

    keep([cup.pk])

    head, source = opensearch.sent_to("/_bulk")
    version = head["index"].pop("version")
    assert head == {
        "index": {
            "_index": f"stoa-{aurora.pk}",
            "require_alias": True,
            "_id": f"{aurora_store.pk}-{cup.pk}",
            "version_type": "external_gte",
        }
    }
    assert version > 1_700_000_000_000_000
    texts = source.pop("texts")["en"]
    assert texts.pop("codes").split()[0] == "U-1"
    assert texts == {
        "title": "Crème cup",
        "facts": "Blue",
        "categories": "Home Kitchen",
        "description": " To  drink  of. ",
    }
    source.pop("listed_at")
    assert source == {
        "store_id": aurora_store.pk,
        "product_id": cup.pk,
        "sort_title": "creme cup",
        "class_id": cup.product_class_id,
        "category_ids": [home.pk, deep.pk],
        "categories": [f"1:{home.pk}", f"2:{deep.pk}"],
        "price": 10.0,
        "net": 10.0,
        "is_in_stock": True,
        "popularity": 0,
        "push": 1.0,
    }


def test_words_are_stemmed_in_the_languages_in_which_the_database_stems_them():
    languages = [one + other for one in ascii_lowercase for other in ascii_lowercase]
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, search_config(code)::text FROM unnest(%s::text[]) AS code", [languages])
        stemmed = {language: name for language, name in cursor.fetchall() if name != "simple"}

    assert stemmed == STEMMERS


def test_variants_are_found_by_their_parent(aurora_store, opensearch):
    shirt = a_parent("Shirt", aurora_store, variants={"Red": "9", "Blue": "8"})

    keep([shirt.pk])

    _, source = opensearch.sent_to("/_bulk")
    assert {"Red", "Blue"} <= set(source["texts"]["en"]["codes"].split())
    assert source["price"] == 8.0


def test_what_is_sold_no_more_is_deleted_there(aurora_store, fed, opensearch):
    unlist_products(aurora_store, [fed])

    assert send_changes() == 1

    (line,) = opensearch.sent_to("/_bulk")
    assert line["delete"]["_id"] == f"{aurora_store.pk}-{fed.pk}"


def test_a_change_is_told_once(fed, opensearch):
    Product.objects.filter(pk=fed.pk).update(title="Mug")

    assert (send_changes(), send_changes()) == (1, 0)

    _, source = opensearch.sent_to("/_bulk")
    assert source["texts"]["en"]["title"] == "Mug"
    assert not Change.objects.exists()


def test_nothing_is_noted_for_a_merchant_that_is_not_fed(cup):
    Product.objects.filter(pk=cup.pk).update(title="Mug")

    assert not Change.objects.exists()


@pytest.mark.parametrize("answer", [(503, {}), {"errors": True, "items": []}, b"nonsense"])
def test_what_was_not_taken_is_told_again(fed, opensearch, answer):
    Product.objects.filter(pk=fed.pk).update(title="Mug")
    opensearch.answers["/_bulk"] = answer
    with pytest.raises(Away):
        send_changes()
    assert Change.objects.count() == 1

    del opensearch.answers["/_bulk"]

    assert send_changes() == 1


def test_a_document_that_is_refused_is_told_again_and_one_that_is_newer_there_is_not(fed, opensearch, monkeypatch):
    Product.objects.filter(pk=fed.pk).update(title="Mug")
    for status in (404, 429, 400):
        opensearch.answers["/_bulk"] = bulk_answer([{"index": {"_index": "x", "_id": "1"}}], index=status)
        with pytest.raises(Away):
            send_changes()

    opensearch.answers["/_bulk"] = bulk_answer([{"index": {"_index": "x", "_id": "1"}}], index=409)

    assert send_changes() == 1


def test_everything_is_made_anew_while_the_old_index_answers(aurora, cup, opensearch):
    bowl = a_product("Bowl", Store.objects.get())
    opensearch.answers["_alias"] = {"stoa-old": {"aliases": {f"stoa-{aurora.pk}": {}}}, "stoa-broken": {"aliases": {}}}

    assert list(rebuild()) == [2]

    (_, made, mapping), (_, _, lines), *_, (method, path, swap) = opensearch.asked
    name = made.removeprefix("/")
    assert name.startswith(f"stoa-{aurora.pk}-")
    assert mapping["mappings"]["properties"]["store_id"] == {"type": "long"}
    assert {line["index"]["_index"] for line in lines if "index" in line} == {name}
    assert [source["product_id"] for source in lines if "product_id" in source] == [cup.pk, bowl.pk]
    assert (method, path) == ("POST", "/_aliases")
    assert swap["actions"] == [
        {"add": {"index": name, "alias": f"stoa-{aurora.pk}"}},
        {"remove_index": {"index": "stoa-old"}},
        {"remove_index": {"index": "stoa-broken"}},
    ]
    assert Feed.objects.get().making == ""


def test_what_changes_meanwhile_reaches_both(aurora, cup, opensearch):
    rebuilding = rebuild()
    next(rebuilding)
    opensearch.asked.clear()
    Product.objects.filter(pk=cup.pk).update(title="Mug")

    send_changes()

    indexes = [line["index"]["_index"] for line in opensearch.sent_to("/_bulk") if "index" in line]
    assert indexes == [f"stoa-{aurora.pk}", Feed.objects.get().making]


def test_an_index_that_broke_off_answers_nobody(cup, opensearch):
    opensearch.answers["/_bulk"] = (503, {})

    with pytest.raises(Away):
        list(rebuild())

    assert not [path for _, path, _ in opensearch.asked if path == "/_aliases"]


def test_the_command_feeds_every_merchant_and_says_what_is_away(fed, opensearch):
    out = StringIO()
    Product.objects.filter(pk=fed.pk).update(title="Mug")

    call_command("search_feed", stdout=out)

    assert out.getvalue() == "aurora: told of 1 changed products.\n"
    Product.objects.filter(pk=fed.pk).update(title="Cup")
    opensearch.answers["/_bulk"] = (503, {})
    with pytest.raises(CommandError, match="run it again"):
        call_command("search_feed", stderr=out)
    assert "aurora: OpenSearch is away (HTTP 503)." in out.getvalue()


def test_without_an_address_nothing_is_noted_any_more(fed, opensearch, settings):
    Product.objects.filter(pk=fed.pk).update(title="Mug")
    settings.SEARCH_URL = None

    call_command("search_feed")

    assert (Feed.objects.exists(), Change.objects.exists()) == (False, False)


# The stranger


def test_another_merchants_goods_are_neither_noted_nor_told(aurora, lumen, fed, opensearch):
    with merchant_scope(lumen.pk):
        lamp = a_product("Lamp", Store.objects.get())
        assert not Change.objects.exists()

    keep([lamp.pk, fed.pk])

    lines = opensearch.sent_to("/_bulk")
    assert {line[name]["_index"] for line in lines for name in ("index", "delete") if name in line} == {
        f"stoa-{aurora.pk}"
    }
    assert [line["product_id"] for line in lines if "product_id" in line] == [fed.pk]

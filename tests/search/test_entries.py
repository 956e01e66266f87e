"""The rows of search follow what they are made of, whoever changes it and however."""

from decimal import Decimal

import pytest
from django.db import connection

from shop.catalogue.models import AttributeOption, AttributeOptionGroup, Category, Product, ProductAttribute
from shop.listings.actions import list_products, unlist_products
from shop.search.models import Entry
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product, attribute, product_class, stock

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal


def entry(product: Product) -> Entry:
    return Entry.objects.get(product=product)


def words(product: Product) -> str:
    """The lexemes of its row."""
    return str(entry(product).text)


def test_a_product_has_a_row_in_each_store_that_lists_it(aurora_store):
    trade = open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    cup = a_product("Cup", aurora_store, trade)
    a_product("Unlisted")

    assert set(Entry.objects.values_list("store", "product")) == {(aurora_store.pk, cup.pk), (trade.pk, cup.pk)}

    unlist_products(trade, [cup])
    assert set(Entry.objects.values_list("store", "product")) == {(aurora_store.pk, cup.pk)}


def test_a_hidden_product_has_none(aurora_store):
    cup = a_product("Cup", aurora_store)

    Product.objects.update(is_public=False)
    assert not Entry.objects.exists()
    Product.objects.update(is_public=True)
    assert entry(cup)


def test_a_deleted_product_takes_its_row_along(aurora_store):
    a_product("Cup", aurora_store).delete()

    assert not Entry.objects.exists()


def test_its_price_and_stock_are_those_that_anybody_sees(aurora_store):
    cup = a_product("Cup", aurora_store, price="10")
    assert (entry(cup).price, entry(cup).is_in_stock) == (10, True)

    Store.objects.update(tax_rate=D("0.2"))
    assert entry(cup).price == 12
    cup.stockrecords.update(price=D("8.325"), num_allocated=10)
    assert (entry(cup).price, entry(cup).is_in_stock) == (D("9.99"), False)
    Store.objects.update(tax_display="excl")
    assert entry(cup).price == D("8.325")
    cup.stockrecords.all().delete()
    assert (entry(cup).price, entry(cup).is_in_stock) == (None, False)


def test_a_price_in_another_currency_is_none(aurora_store):
    cup = a_product("Cup", aurora_store, price=None)
    stock(cup, "3", currency="EUR")
    assert entry(cup).price is None

    Store.objects.update(currency="EUR")
    assert entry(cup).price == 3


def test_what_is_not_tracked_is_in_stock(aurora_store):
    songs = product_class("Downloads")
    song = a_product("Song", aurora_store, product_class=songs)
    song.stockrecords.update(num_in_stock=0)
    assert not entry(song).is_in_stock

    songs.track_stock = False
    songs.save()
    assert entry(song).is_in_stock


def test_variants_speak_for_their_parent(aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"Small": "8", "Large": "12"})
    assert entry(shirt).price == 8
    assert "'larg':" in words(shirt) or "'large':" in words(shirt)

    small = shirt.children.get(title="Small")
    small.stockrecords.update(num_in_stock=0)
    assert (entry(shirt).price, entry(shirt).is_in_stock) == (12, True)

    small.delete()
    assert "small" not in words(shirt)


def test_its_words_are_those_of_title_codes_attributes_categories_and_description(aurora_store):
    cup = a_product("Jug", aurora_store, upc="4006381333931", description="<p class='x'>Holds <b>Crème</b></p>")
    attribute(cup, "glaze", "celadon")
    cup.categories.add(Category.add_root(name="Tableware"))
    cup.stockrecords.update(partner_sku="JG-77")

    text = words(cup)

    for lexeme in ("'jug'", "'4006381333931'", "'celadon'", "'tablewar'", "'creme'", "'jg'", "'-77'"):
        assert lexeme in text
    assert "class" not in text


def test_the_options_of_attributes_are_among_them(aurora_store):
    cup = a_product("Cup", aurora_store)
    option = AttributeOption.objects.create(group=AttributeOptionGroup.objects.create(name="Colours"), option="Teal")
    kind = ProductAttribute.objects.create(
        product_class=cup.product_class, code="colour", name="Colour", type="option", option_group=option.group
    )
    cup.attribute_values.create(attribute=kind, value_option=option)
    assert "'teal'" in words(cup)

    AttributeOption.objects.update(option="Navy")
    assert "'navi'" in words(cup)


def test_its_words_are_in_the_language_of_the_store(aurora_store):
    german = open_store(NewStore(name="Laden", slug="laden", host="laden.example", language="de"))
    cups = a_product("Häuser", aurora_store, german)

    by_store = dict(Entry.objects.values_list("store", "text"))

    assert cups
    assert "'haus'" in by_store[german.pk]
    assert "'haus'" not in by_store[aurora_store.pk]


def test_its_categories_are_the_public_ones_and_those_above(aurora_store):
    home = Category.add_root(name="Home")
    kitchen = home.add_child(name="Kitchen")
    secret = Category.add_root(name="Secret", is_public=False)
    cup = a_product("Cup", aurora_store)
    cup.categories.add(kitchen, secret)
    assert set(entry(cup).category_ids) == {home.pk, kitchen.pk}

    garden = Category.add_root(name="Garden")
    Category.objects.get(pk=kitchen.pk).move(garden, "first-child")
    assert set(entry(cup).category_ids) == {garden.pk, kitchen.pk}

    garden = Category.objects.get(pk=garden.pk)
    garden.name = "Orchard"
    garden.save()
    assert "'orchard'" in words(cup)

    garden.is_public = False
    garden.save()
    assert entry(cup).category_ids == []

    cup.categories.clear()
    assert entry(cup).category_ids == []


def test_an_order_that_leaves_something_writes_no_row(aurora_store):
    cup = a_product("Cup", aurora_store)

    def version() -> str:
        with connection.cursor() as cursor:
            cursor.execute("SELECT ctid FROM search_entry WHERE product_id = %s", [cup.pk])
            return cursor.fetchone()[0]

    before = version()
    cup.stockrecords.update(num_allocated=9)
    assert version() == before
    cup.stockrecords.update(num_allocated=10)
    assert version() != before


def test_a_book_for_a_description_breaks_nothing(aurora_store):
    cup = a_product("Cup", aurora_store, description=" ".join(f"word{n}" for n in range(200_000)))

    assert "'word1'" in words(cup)


def test_the_rows_are_right_after_a_bulk_import(aurora_store):
    Product.objects.bulk_create(
        Product(structure="standalone", title=f"Cup {n}", slug="cup", upc=f"C{n}", product_class=product_class())
        for n in range(50)
    )

    list_products(aurora_store, Product.objects.all())

    assert Entry.objects.count() == 50


# The stranger


def test_another_merchants_rows_are_neither_seen_nor_written(aurora_store, lumen):
    with merchant_scope(lumen.pk):
        lamp = a_product("Lamp", Store.objects.get())
    a_product("Cup", aurora_store)

    with connection.cursor() as cursor:
        for table in ("search_entry", "search_scoped"):
            cursor.execute(f"SELECT sort_title FROM {table}")
            assert cursor.fetchall() == [("cup",)]
        cursor.execute("SELECT search_refresh(ARRAY[%s]::bigint[])", [lamp.pk])
    assert Entry.objects.update(sort_title="x") == 1

    with merchant_scope(lumen.pk):
        assert Entry.objects.get().sort_title == "lamp"

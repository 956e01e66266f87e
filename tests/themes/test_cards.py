"""Cards, as each theme writes them."""

import re

import pytest
from django.test import Client

from shop.catalogue.models import Product, ProductImage
from shop.catalogue.shown import Shown
from shop.partner.models import SoldAhead, StockRecord
from shop.pricing.models import QuantityRule
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from shop.stores.themes import installed_themes
from tests.goods import a_parent, a_product
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db

THEMES = sorted(installed_themes())


@pytest.fixture
def shopper() -> Client:
    return Client(headers={"host": "aurora.example"})


def list_in(theme: str, shopper: Client) -> str:
    Store.objects.update(theme=theme)
    return shopper.get("/catalogue/").content.decode()


def a_picture(product: Product, store: Store) -> None:
    ProductImage.objects.create(product=product, original=f"m{store.merchant_id}/{product.slug}.jpg")


@pytest.mark.parametrize(("theme", "in_sight"), [("base", 4), ("lumen", 2)])
def test_pictures_out_of_sight_wait_until_they_are_near(shopper, aurora_store, theme, in_sight):
    for number in range(6):
        a_picture(a_product(f"Cup {number}", aurora_store), aurora_store)

    shown = list_in(theme, shopper)

    how = [re.findall(r'(?:loading|fetchpriority)="\w+"', image) for image in re.findall(r"<img[^>]*/cup-[^>]*", shown)]
    assert how == [['fetchpriority="high"'], *[[]] * (in_sight - 1), *[['loading="lazy"']] * (6 - in_sight)]


@pytest.mark.parametrize("theme", THEMES)
def test_a_card_says_what_it_costs_and_whether_it_is_there(shopper, aurora_store, theme):
    a_product("Vase & <b>Bowl</b>", aurora_store, price="8.30")
    StockRecord.objects.filter(product=a_product("Jug", aurora_store)).update(num_in_stock=3)
    StockRecord.objects.filter(product=a_product("Lamp", aurora_store)).update(num_in_stock=0)
    StockRecord.objects.filter(product=a_product("Desk", aurora_store)).update(
        num_in_stock=0, sold_ahead=SoldAhead.PREORDER
    )
    a_parent("Shirt", aurora_store, variants={"S": "20", "M": "15"})
    QuantityRule.objects.create(product=a_product("Gloves", aurora_store), multiple=4)

    shown = list_in(theme, shopper)

    assert "Vase &amp; &lt;b&gt;Bowl&lt;/b&gt;</a>" in shown
    assert re.findall(r'class="price__now">([^<]*)<', shown) == [
        "£10.00",
        "£15.00",
        "£10.00",
        "£10.00",
        "£10.00",
        "£8.30",
    ]
    assert shown.count('<span class="price__note">from</span>') == 1
    assert "excl. VAT" not in shown.partition("</footer>")[0].partition("<main")[2]
    assert re.findall(r'class="stock stock--(\w+)">([^<]*)<', shown) == expected_stock(theme)
    assert re.findall(r'<input [^>]*name="quantity" [^>]*?value="(\d+)"', shown) == ["4", "1", "1", "1"]


def expected_stock(theme: str) -> list[tuple[str, str]]:
    """A table says of everything whether it is there; a grid has a badge for what is not."""
    gone = [("out", "Out of stock")] if theme == "clinic" else []
    return [("ahead", "Pre-order"), *gone, ("low", "Only 3 left")]


@pytest.mark.parametrize("theme", THEMES)
def test_prices_without_tax_say_so(shopper, aurora_store, theme):
    Store.objects.update(tax_display="excl")
    a_product("Cup", aurora_store, price="8.30")

    shown = list_in(theme, shopper)

    assert re.findall(r'class="price__now">([^<]*)</span>\s*<span class="price__note">([^<]*)<', shown) == [
        ("£8.30", "excl. VAT")
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_who_is_told_no_prices_is_led_to_where_they_are(shopper, aurora_store, theme):
    Store.objects.update(hides_prices=True)
    a_product("Cup", aurora_store)

    shown = list_in(theme, shopper)

    assert 'href="/accounts/login/?next=/catalogue/">Sign in to see prices</a>' in shown
    assert "£" not in shown
    assert "Out of stock" not in shown.partition("<main")[2]
    assert 'name="quantity"' not in shown


@pytest.mark.parametrize("theme", THEMES)
def test_words_are_the_readers(shopper, aurora_store, theme):
    Store.objects.update(language="de")
    a_product("Becher", aurora_store)
    a_parent("Hemd", aurora_store, variants={"S": "20", "M": "15"})

    shown = list_in(theme, shopper)

    assert '<span class="price__note">ab</span>' in shown
    assert re.findall(r'class="price__now">([^<]*)<', shown) == ["15,00\xa0£", "10,00\xa0£"]


def test_what_a_card_does_not_say_its_product_does_loaded_once_for_all(aurora_store):
    ids = [a_product(f"Cup {number}", aurora_store, description=f"No. {number}").pk for number in range(4)]

    with counted_queries() as of_two:
        assert [listed.description for listed in Shown(ids[:2], aurora_store)] == ["No. 0", "No. 1"]
    with counted_queries() as of_four:
        assert [listed.description for listed in Shown(ids, aurora_store)] == [f"No. {number}" for number in range(4)]

    assert len(of_two) == len(of_four)


def test_another_merchants_products_have_no_cards_here(shopper, aurora_store, lumen):
    with merchant_scope(lumen.pk):
        its = a_product("Theirs", Store.objects.get())
    a_product("Ours", aurora_store)

    assert list(Shown([its.pk], aurora_store).sold()) == []
    assert "Theirs" not in list_in("base", shopper)

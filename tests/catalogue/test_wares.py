"""Wares are what products are to prices, stock and cards, in fewer questions."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from oscar.apps.catalogue.models import Option

from shop.catalogue.families import load_for_cards
from shop.catalogue.models import Product, ProductImage
from shop.catalogue.sold import products_sold
from shop.catalogue.wares import wares_sold
from shop.inventory.models import Reservation
from shop.listings.actions import list_products
from shop.partner.cards import Card, card_of
from shop.partner.models import SoldAhead, StockRecord
from shop.partner.strategy import StoreStrategy
from shop.pictures.showing import showing
from shop.pricing.context import from_company, from_store
from shop.pricing.models import QuantityRule
from shop.stores.actions import NewStore, open_store
from shop.stores.current import serving
from shop.stores.fields import LARGEST_ID
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from shop.versions.watching import watched
from tests.goods import a_parent, a_product, product_class, stock
from tests.pricing.trade import a_company, a_list, set_prices
from tests.queries import counted_queries
from tests.trade import a_basket

pytestmark = pytest.mark.django_db

RENDITIONS = {"width": 800, "height": 600, "widths": [150, 300], "kinds": ["avif", "webp"], "recipe": 1}


@pytest.fixture
def store(aurora_store: Store) -> Store:
    aurora_store.tax_rate = Decimal("0.2")
    aurora_store.save()
    return aurora_store


@pytest.fixture
def goods(store: Store) -> dict[str, Product]:
    """One of each kind."""
    made = {
        "plain": a_product("Cup", store),
        "priceless": a_product("Vase", store, price=None),
        "abroad": a_product("Euro", store, price=None),
        "uncounted": a_product("Course", store, product_class=product_class("Courses", tracks_stock=False)),
        "gone": a_product("Bowl", store),
        "ahead": a_product("Lamp", store),
        "held": a_product("Jug", store),
        "packed": a_product("Gloves", store),
        "broken pack": a_product("Tiles", store),
        "chosen": a_product("Mug", store),
        "seen": a_product("Plate", store),
        "rated": a_product("Spoon", store, rating=4.5),
        "family": a_parent("Shirt", store, variants={"S": "20", "M": "8", "L": None}),
    }
    stock(made["plain"], "9")  # of a second supplier
    stock(made["abroad"], "5", currency="EUR")
    records = StockRecord.objects
    records.filter(product=made["gone"]).update(num_in_stock=0)
    records.filter(product=made["ahead"]).update(num_in_stock=0, sold_ahead=SoldAhead.BACKORDER, most_ahead=4)
    records.filter(product=made["broken pack"]).update(num_in_stock=5)
    promised(made["held"])
    QuantityRule.objects.create(product=made["packed"], multiple=4)
    QuantityRule.objects.create(product=made["broken pack"], multiple=6)
    made["chosen"].product_options.add(Option.objects.create(name="Engraving", code="engraving"))
    for order, name in enumerate(("second.jpg", "first.jpg")):
        ProductImage.objects.create(
            product=made["seen"], original=f"m{store.merchant_id}/{name}", display_order=1 - order
        )
    ProductImage.objects.filter(display_order=0).update(
        renditions=RENDITIONS | {"of": f"m{store.merchant_id}/first.jpg"}
    )
    return made


def promised(product: Product, minutes: int = 9) -> datetime:
    """Seven pieces of it to a basket; gives until when."""
    until = timezone.now() + timedelta(minutes=minutes)
    records = product.stockrecords.order_by("pk")
    basket = a_basket(Store.objects.get())
    Reservation.objects.create(basket=basket, stockrecord=records[0], quantity=7, expires_at=until)
    return until


def cards(sold: list[Any], strategy: StoreStrategy) -> dict[str, Card]:
    """By title."""
    return {each.get_title(): _card(each, strategy) for each in sold}


def _card(sold: Any, strategy: StoreStrategy) -> Card:
    info = strategy.fetch_for_parent(sold) if sold.is_parent else strategy.fetch_for_product(sold)
    picture = sold.picture if hasattr(sold, "picture") else showing(next(iter(sold.get_all_images()), None))
    return card_of(sold, info, picture, product=None)


def plain(card: Card) -> tuple[Any, ...]:
    """All that a card says, and the supplier whose price it is."""
    price, record = card.info.price, card.info.stockrecord
    return replace(card, info=None), price.excl_tax, price.incl_tax, record and record.pk, card.sku, card.is_few


@pytest.mark.parametrize("whose", ["anybody's", "a company's"])
def test_a_ware_has_the_card_of_its_product(store, goods, whose):
    ids = [product.pk for product in goods.values()]
    company = a_company()
    own = a_list("own", company=company)
    for of in (goods["plain"], goods["priceless"], goods["packed"], goods["ahead"], Product.objects.get(title="S")):
        set_prices(own, of, "1:7", "5:6.5")
    context = from_store(store) if whose == "anybody's" else from_company(company, store=store)

    of_wares = cards(wares_sold(ids, store), StoreStrategy(context=context))
    of_products = cards(products_sold(ids, store, load_for_cards), StoreStrategy(context=context))

    assert of_wares.keys() == {product.title for product in goods.values()}
    assert {title: plain(card) for title, card in of_wares.items()} == {
        title: plain(card) for title, card in of_products.items()
    }


def test_a_card_says_what_a_buyer_should_know(store, goods):
    sold = wares_sold([product.pk for product in goods.values()], store)

    said = cards(sold, StoreStrategy(context=from_store(store)))

    assert {title: (card.price, card.is_buyable, card.left, card.ahead) for title, card in said.items()} == {
        "Cup": ("£12.00", True, 10, ""),
        "Vase": ("", False, None, ""),
        "Euro": ("", False, None, ""),
        "Course": ("£12.00", True, None, ""),
        "Bowl": ("£12.00", False, 0, ""),
        "Lamp": ("£12.00", True, 4, "On back-order"),
        "Jug": ("£12.00", True, 3, ""),
        "Gloves": ("£12.00", True, 10, ""),
        "Tiles": ("£12.00", False, 5, ""),
        "Mug": ("£12.00", True, 10, ""),
        "Plate": ("£12.00", True, 10, ""),
        "Spoon": ("£12.00", True, 10, ""),
        "Shirt": ("£9.60", True, None, ""),
    }
    assert {title for title, card in said.items() if card.is_few} == {"Lamp", "Jug"}
    assert {title for title, card in said.items() if card.has_choices} == {"Mug", "Shirt"}
    assert {title for title, card in said.items() if card.rating} == {"Spoon"}
    assert (said["Gloves"].quantities.least, said["Cup"].quantities.least) == (4, 1)
    assert said["Plate"].picture.src.endswith("first.jpg.300.r1.webp")
    assert said["Cup"].picture is None


def test_prices_are_the_buyers_own(store, goods):
    company = a_company()
    own = a_list("own", company=company)
    set_prices(own, goods["plain"], "1:7")
    set_prices(own, Product.objects.get(title="S"), "1:5")
    sold = [goods["plain"].pk, goods["family"].pk, goods["rated"].pk]

    its = cards(wares_sold(sold, store), StoreStrategy(context=from_company(company, store=store)))
    of_anybody = cards(wares_sold(sold, store), StoreStrategy(context=from_store(store)))

    assert [its[title].price for title in ("Cup", "Shirt", "Spoon")] == ["£8.40", "£6.00", "£12.00"]
    assert [of_anybody[title].price for title in ("Cup", "Shirt", "Spoon")] == ["£12.00", "£9.60", "£12.00"]


def test_cards_of_many_take_as_many_queries_as_those_of_two(store, goods):
    ids = [product.pk for product in goods.values()]
    context = from_store(store)

    with serving(store), counted_queries() as of_two:
        cards(wares_sold([goods["seen"].pk, goods["family"].pk], store), StoreStrategy(context=context))
    with serving(store), counted_queries() as of_all:
        cards(wares_sold(ids, store), StoreStrategy(context=context))

    assert (len(of_two), len(of_all)) == (3, 3), str(of_all)


def test_cards_that_are_kept_take_no_more_where_more_is_promised_to_baskets(store, goods):
    ids = [product.pk for product in goods.values()]
    context, first = from_store(store), Reservation.objects.get().expires_at
    with serving(store), watched() as of_one, counted_queries() as one:
        cards(wares_sold(ids, store), StoreStrategy(context=context))
    earlier = [promised(goods[name], minutes) for name, minutes in (("plain", 5), ("seen", 4), ("chosen", 6))]

    with serving(store), watched() as of_four, counted_queries() as four:
        cards(wares_sold(ids, store), StoreStrategy(context=context))

    assert len(four) == len(one) == 3, str(four)
    assert (of_one.until, of_four.until) == (first, min(earlier))


def test_what_the_store_does_not_sell_is_no_ware(store, goods):
    elsewhere = open_store(NewStore(name="Annex", slug="annex", host="annex.example"))
    hidden, unlisted = a_product("Hidden", store, is_public=False), a_product("Unlisted", elsewhere)
    listed_in_both = goods["plain"]
    list_products(elsewhere, [listed_in_both])
    variants = goods["family"].children.values_list("pk", flat=True)
    asked = [hidden.pk, unlisted.pk, listed_in_both.pk, *variants, LARGEST_ID + 1]

    assert [ware.title for ware in wares_sold(asked, store)] == ["Cup"]
    assert sorted(ware.title for ware in wares_sold(asked, elsewhere)) == ["Cup", "Unlisted"]
    assert wares_sold([], store) == []


def test_another_merchants_goods_are_no_wares(store, goods, lumen):
    with merchant_scope(lumen.pk):
        its_store = Store.objects.get()
        its = a_product("Cup of another", its_store)

    assert wares_sold([its.pk], store) == []
    with merchant_scope(lumen.pk):
        assert wares_sold([goods["plain"].pk], its_store) == []
        assert [ware.title for ware in wares_sold([its.pk], its_store)] == ["Cup of another"]

"""Changes of every kind, each drawn by dice; made in the scope of a merchant, committed when that ends."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from random import Random

from django.core.files.base import ContentFile
from django.db import connection
from django.utils import timezone

from cms_pages.models import StoreDetails, StoreMenus, StoreNotice, TextPage
from shop.accounts.models import User
from shop.basket.models import Basket, Line
from shop.catalogue.models import Category, Product, ProductImage, ProductRecommendation
from shop.companies.models import Company, Membership, PartNumber
from shop.inventory.models import Reservation
from shop.listings.actions import list_products, unlist_products
from shop.merchandising.models import FirstProduct, LedSearch, SynonymGroup
from shop.partner.models import StockRecord
from shop.pricing.models import PriceList
from shop.stores.models import Store
from tests.goods import a_product
from tests.pictures.files import written
from tests.pricing.trade import a_list, set_prices

Change = Callable[[Random], object]
CHANGES: list[Change] = []


def change(function: Change) -> Change:
    CHANGES.append(function)
    return function


def one(dice: Random, rows):
    return dice.choice(list(rows.order_by("pk")))


def of_goods(dice: Random) -> Product:
    return one(dice, Product.objects.filter(parent=None))


def amount(dice: Random) -> Decimal:
    return Decimal(dice.randint(100, 3000)) / 100


def soon(dice: Random):
    return timezone.now() + timedelta(seconds=dice.uniform(0.2, 2))


def update(dice: Random, rows, **values: object) -> None:
    rows.filter(pk=one(dice, rows).pk).update(**values)


@change
def price(dice):
    update(dice, StockRecord.objects.all(), price=amount(dice))


@change
def pieces(dice):
    update(dice, StockRecord.objects.all(), num_in_stock=dice.choice([0, 1, 3, 10]), num_allocated=0)


@change
def all_pieces(dice):
    StockRecord.objects.update(num_in_stock=dice.randint(0, 4), num_allocated=0)


@change
def promise(dice):
    basket = Basket.objects.create(store=Store.objects.get())
    record = one(dice, StockRecord.objects.all())
    Reservation.objects.create(basket=basket, stockrecord=record, quantity=1, expires_at=soon(dice))


@change
def list_of_prices(dice):
    whom = dice.choice([{}, {"company": one(dice, Company.objects.all())}, {"store": Store.objects.get()}])
    begins = dice.choice([None, soon(dice)])
    ends = dice.choice([None, (begins or timezone.now()) + timedelta(seconds=1)])
    made = a_list(f"list-{dice.randrange(10**9)}", starts_at=begins, ends_at=ends, **whom)
    set_prices(made, one(dice, Product.objects.filter(structure="standalone")), f"1:{amount(dice)}")


@change
def list_is_withdrawn(dice):
    PriceList.objects.update(is_published=dice.random() < 0.5)


@change
def list_ends(dice):
    PriceList.objects.update(ends_at=soon(dice), starts_at=None)


@change
def title(dice):
    update(dice, Product.objects.filter(parent=None), title=f"{dice.choice(['Cup', 'Bowl', 'Jug'])} {dice.random()}")


@change
def taken_out(dice):
    update(dice, Product.objects.filter(parent=None), is_public=dice.random() < 0.5)


@change
def new_product(dice):
    a_product(f"Cup {dice.random()}", Store.objects.get()).categories.add(one(dice, Category.objects.all()))


@change
def deleted_product(dice):
    if made_here := Product.objects.filter(title__startswith="Cup 0."):
        one(dice, made_here).delete()


@change
def listed(dice):
    dice.choice([list_products, unlist_products])(Store.objects.get(), [of_goods(dice)])


@change
def picture(dice):
    ProductImage.objects.all().delete()
    ProductImage.objects.create(product=of_goods(dice), original=ContentFile(written(), "cup.png"))


@change
def recommendation(dice):
    ProductRecommendation.objects.all().delete()
    ProductRecommendation.objects.create(primary=of_goods(dice), recommendation=of_goods(dice))


@change
def review(dice):
    product = of_goods(dice)
    product.reviews.all().delete()
    product.reviews.create(title=f"{dice.random()}", body="Good.", score=3, name="Ida", status=dice.choice([0, 1]))


@change
def category(dice):
    update(dice, Category.objects.all(), description=f"{dice.random()}", is_public=dice.random() < 0.8)


@change
def page(dice):
    text = TextPage.objects.get(slug="privacy")
    text.title = f"{dice.random()}"
    text.save_revision().publish()


@change
def draft(dice):
    text = TextPage.objects.get(slug="privacy")
    text.title = "Nobody sees this yet"
    text.save_revision()


@change
def menu(dice):
    menus = StoreMenus.objects.get()
    menus.legal = [{"type": "link", "value": {"address": "/privacy/", "text": f"{dice.random()}"}}]
    menus.save()


@change
def details(dice):
    StoreDetails.objects.update(about=f"{dice.random()}")


@change
def announcement(dice):
    begins = dice.choice([None, soon(dice)])
    ends = dice.choice([None, (begins or timezone.now()) + timedelta(seconds=1)])
    values = {"text": f"{dice.random()}", "starts_at": begins, "ends_at": ends}
    StoreNotice.objects.update_or_create(site=Store.objects.get().site, defaults=values)


@change
def store(dice):
    choices = [
        {"theme": dice.choice(["base", "clinic", "lumen"])},
        {"language": dice.choice(["en-gb", "de"])},
        {"tax_rate": Decimal(dice.randint(0, 25)) / 100},
        {"tax_display": dice.choice(["incl", "excl"])},
        {"further_currencies": dice.choice([[], ["EUR"]])},
        {"hides_prices": dice.random() < 0.5},
        {"asks_cookie_consent": dice.random() < 0.5},
    ]
    Store.objects.update(**dice.choice(choices))


@change
def company(dice):
    status = {"status": dice.choice(["active", "suspended"])}
    choices = [{"name": f"{dice.random()}"}, {"is_tax_exempt": dice.random() < 0.5}, status, {"status": "active"}]
    update(dice, Company.objects.all(), **dice.choice(choices))


@change
def membership(dice):
    update(dice, Membership.objects.all(), is_active=dice.random() < 0.7)


@change
def part_number(dice):
    PartNumber.objects.all().delete()
    buyer = one(dice, Company.objects.all())
    PartNumber.objects.create(company=buyer, product=of_goods(dice), number="PN-1")


@change
def account(dice):
    update(dice, User.objects.all(), is_active=dice.random() < 0.7, first_name=f"{dice.random()}")


@change
def basket(dice):
    Line.objects.update(quantity=dice.randint(1, 9))


@change
def synonym(dice):
    SynonymGroup.objects.all().delete()
    SynonymGroup.objects.create(store=Store.objects.get(), terms=["zeppelin"], meanings=[dice.choice(["cup", "bowl"])])


@change
def led_search(dice):
    LedSearch.objects.all().delete()
    led = LedSearch.objects.create(store=Store.objects.get(), query=dice.choice(["cup", "zeppelin"]))
    FirstProduct.objects.create(search=led, product=of_goods(dice), position=1)


@change
def statement(dice):
    with connection.cursor() as cursor:
        cursor.execute(
            dice.choice(
                [
                    "UPDATE catalogue_product SET title = title || '!' WHERE id % 2 = 0 AND length(title) < 60",
                    "UPDATE partner_stockrecord SET price = price + 1, num_in_stock = 2, num_allocated = 0",
                    "DELETE FROM inventory_reservation",
                    "MERGE INTO stores_store USING (SELECT 1) x ON true WHEN MATCHED THEN UPDATE SET name = 'Merged'",
                ]
            )
        )

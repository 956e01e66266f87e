"""Whatever changes, the very next view is right: as a page that is made anew."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat, Substr
from django.utils import timezone
from wagtail.models import Page

from cms_pages.models import StoreDetails, StoreLook, StoreMenus, StoreNotice, TextPage
from shop.accounts.models import User
from shop.catalogue.models import Category, Product, ProductImage, ProductRecommendation
from shop.companies.acting import KEY
from shop.companies.models import Company
from shop.inventory.models import Reservation
from shop.partner.models import StockRecord
from shop.pricing.levels import TierKind
from shop.stores.models import Store
from shop.stores.sessions import SessionStore
from tests.goods import a_product
from tests.pagecache.conftest import forget, known, shown
from tests.pictures.files import written
from tests.pricing.trade import a_buyer_of, a_company, a_group, a_list, set_prices
from tests.trade import PASSWORD, a_basket

pytestmark = pytest.mark.data


CHANGES = []
"""In this order."""


def change(function):
    CHANGES.append(function)
    return function


def cup() -> Product:
    return Product.objects.get(title__in=("Cup", "Mug"))


@change
def new_title():
    Product.objects.filter(title="Cup").update(title="Mug")


@change
def old_title():
    Product.objects.filter(title="Mug").update(title="Cup")


@change
def new_price():
    StockRecord.objects.filter(product__title="Cup").update(price=Decimal("12.34"))


@change
def price_for_all():
    set_prices(a_list("summer"), cup(), "1:9.50", "5:8.50")


@change
def price_for_the_group():
    set_prices(a_list("schools", group=Company.objects.get().group), cup(), "1:7.11", kind=TierKind.FIXED)


@change
def company_leaves_its_group():
    Company.objects.update(group=None)


@change
def price_for_the_company():
    set_prices(a_list("harbour", company=Company.objects.get()), cup(), "1:7.77")


@change
def company_pays_no_tax():
    Company.objects.update(is_tax_exempt=True)


@change
def few_pieces_left():
    StockRecord.objects.filter(product__title="Cup").update(num_in_stock=3)


@change
def a_promise():
    record = StockRecord.objects.get(product__title="Cup")
    basket = a_basket(Store.objects.get(), (cup(), 1))
    end = timezone.now() + timedelta(hours=1)
    Reservation.objects.create(basket=basket, stockrecord=record, quantity=1, expires_at=end)


@change
def no_piece_left():
    StockRecord.objects.filter(product__title="Cup").update(num_in_stock=0)


@change
def sold_ahead():
    StockRecord.objects.filter(product__title="Cup").update(sold_ahead="preorder", promised_on=date(2100, 1, 1))


@change
def a_new_product():
    a_product("Jug", Store.objects.get()).categories.add(Category.objects.get())


@change
def a_product_is_taken_out():
    Product.objects.filter(title="Plate").update(is_public=False)


@change
def a_picture():
    ProductImage.objects.create(product=cup(), original=ContentFile(written(), "cup.png"), caption="A cup")


@change
def a_recommendation():
    ProductRecommendation.objects.create(primary=cup(), recommendation=Product.objects.get(title="Bowl"))


@change
def a_review():
    cup().reviews.create(title="Splendid", body="I drink from it.", score=5, name="Ida", status=1)


@change
def a_renamed_category():
    category = Category.objects.get()
    category.name = "Table"
    category.save()


@change
def a_category_is_described():
    Category.objects.update(description="All for the table.")


@change
def a_page_is_published():
    page = TextPage.objects.get(slug="privacy")
    page.title = "What we know of you"
    page.save_revision().publish()


@change
def a_menu():
    setting = StoreMenus.objects.get()
    setting.legal = []
    setting.save()


@change
def details():
    setting = StoreDetails.objects.get()
    setting.about = "Cups since 1899."
    setting.save()


@change
def an_announcement():
    setting, _ = StoreNotice.objects.get_or_create(site=Store.objects.get().site)
    setting.text = "Closed on Monday."
    setting.save()


@change
def a_look():
    setting, _ = StoreLook.objects.get_or_create(site=Store.objects.get().site)
    setting.brand = "#336699"
    setting.save()


@change
def another_theme():
    Store.objects.update(theme="clinic")


@change
def another_tax():
    Store.objects.update(tax_rate=Decimal("0.1"))


@change
def another_side_of_tax():
    Store.objects.update(tax_display="excl")


@change
def another_currency_to_choose():
    Store.objects.update(further_currencies=["EUR"])


@change
def another_name():
    Store.objects.update(name="Borealis")


@change
def another_language():
    Store.objects.update(language="de")


@change
def prices_for_customers_alone():
    Store.objects.update(hides_prices=True)


@pytest.fixture(scope="module")
def buyers(furnished):
    """Whose pages are compared: e-mail addresses of who has signed in."""
    from shop.stores.scope import merchant_scope

    with merchant_scope(furnished):
        company = a_company(group=a_group())
        return ["", a_buyer_of(company, "buyer@business.example").email, "grace@example.com"]


def test_after_each_change_the_next_view_of_everybody_is_as_one_made_anew(shop, addresses, buyers):
    visitors = [shop.visitor(), *(known(shop, email) for email in buyers[1:])]
    before = views(visitors, addresses)

    for change in CHANGES:
        with shop.within():
            change()
        after = views(visitors, addresses)
        forget()
        anew = views(visitors, addresses)

        assert after == anew, change.__name__
        assert after != before, f"{change.__name__} is nothing that anybody sees"
        before = anew


def views(visitors, addresses):
    found = {}
    for number, visitor in enumerate(visitors):
        for name, path in addresses.items():
            response = visitor.look(path)
            found[number, name] = shown(response) if response.status_code == 200 else response.status_code
    return found


def test_who_signs_in_out_or_is_shut_out_is_so_at_once(shop, addresses):
    visitor = shop.visitor()
    visitor.page("/")
    known(shop, "sam@example.com")
    fields = {"login-username": "sam@example.com", "login-password": PASSWORD, "login_submit": "1"}

    visitor.client.post("/accounts/login/", fields)
    assert 'href="/accounts/"' in visitor.page("/")
    assert visitor.result("/") == "hit"

    other_device = known(shop, "sam@example.com")
    assert 'href="/accounts/"' in other_device.page("/")
    with shop.within():
        User.objects.filter(email="sam@example.com").update(is_active=False)
    assert 'href="/accounts/"' not in visitor.page("/")
    assert 'href="/accounts/"' not in other_device.page("/")


def test_an_account_that_was_shut_and_is_open_again_is_so_at_once(shop, addresses):
    visitor = known(shop, "ola@example.com")

    for is_open in (True, False, True):
        with shop.within():
            User.objects.filter(email="ola@example.com").update(is_active=is_open)
        for _ in range(2):
            assert ('href="/accounts/"' in visitor.page("/")) is is_open


def test_a_session_that_was_ended_is_nobodys(shop):
    visitor = known(shop, "sue@example.com")
    visitor.page("/")
    cookie = visitor.client.cookies["sessionid"].value

    visitor.client.post("/accounts/logout/")
    thief = shop.visitor(sessionid=cookie)

    assert 'href="/accounts/"' not in thief.page("/")


def test_a_basket_of_two_devices_is_counted_at_once(shop):
    one, other = known(shop, "pat@example.com"), known(shop, "pat@example.com")
    assert [count_of(one), count_of(other)] == ["", ""]
    with shop.within():
        bowl = Product.objects.get(title="Bowl").pk

    for quantity, count in ((1, "1"), (1, "2")):
        one.client.post(f"/basket/add/{bowl}/", {"quantity": quantity})
        one.look("/")  # which shows the message
        assert [count_of(one), count_of(other)] == [count, count]


def count_of(visitor):
    page = visitor.page("/")
    return page.split('tool__count" aria-hidden="true">')[1].split("<")[0] if "tool__count" in page else ""


def test_for_whom_somebody_buys_is_so_at_once(shop, addresses, buyers):
    visitor = known(shop, buyers[1])
    visitor.page(addresses["catalogue"])
    with shop.within():
        company = Company.objects.get()

    visitor.client.post("/accounts/buying-for/", {"company": 0})
    own = visitor.page(addresses["catalogue"])
    visitor.client.post("/accounts/buying-for/", {"company": company.pk})
    companys = visitor.page(addresses["catalogue"])

    assert 'value="0" aria-current="true"' in own
    assert f'name="company" value="{company.pk}" aria-current="true"' in companys
    with shop.within():
        Company.objects.update(status="suspended")
    assert f'name="company" value="{company.pk}"' not in visitor.page(addresses["catalogue"])


def move_home_by_an_editor(slug):
    home = Store.objects.get().site.root_page.specific
    home.slug = slug
    home.save_revision().publish()


def move_home_by_statement(slug):
    home = Store.objects.get().site.root_page
    below = Concat(Value(f"/{slug}"), Substr("url_path", len(home.url_path)))
    Page.objects.filter(path__startswith=home.path).update(url_path=below)
    Page.objects.filter(pk=home.pk).update(slug=slug)


@pytest.mark.parametrize("move", [move_home_by_an_editor, move_home_by_statement])
def test_pages_of_a_home_page_that_moves_have_their_addresses_whoever_looks_meanwhile(shop, addresses, move):
    visitor = shop.visitor()
    before = {name: visitor.page(addresses[name]) for name in ("home", "catalogue", "text")}

    with shop.within():
        title = Page.objects.get(slug="privacy").title
        move(move.__name__)
        with ThreadPoolExecutor(1) as somebody:
            somebody.submit(look_and_close, shop, "/privacy/?meanwhile").result()

    assert {name: visitor.page(addresses[name]) for name in before} == before
    assert b'"/privacy/"' in visitor.look(f"/search/suggest/?q={title}").content


def look_and_close(shop, path):
    try:
        return shop.visitor().page(path)
    finally:
        connection.close()


def test_what_another_machine_has_changed_makes_no_page_for_others(shop, addresses, buyers, listener):
    """Before it is heard of here, whoever asks is who the database says."""
    visitor = known(shop, buyers[1])
    visitor.page(addresses["text"])
    with shop.within():
        company = Company.objects.get()
        Company.objects.update(status="active")
    visitor.client.post("/accounts/buying-for/", {"company": 0})
    visitor.page(addresses["text"])
    with shop.within():
        session = SessionStore(visitor.client.cookies["sessionid"].value)
        session[KEY] = company.pk
        session.save()  # as another machine would, unheard

    visitor.page(addresses["catalogue"])

    assert known(shop, "grace@example.com").page(addresses["catalogue"]) == fresh(shop, addresses["catalogue"])


def fresh(shop, path):
    forget()
    return known(shop, "grace@example.com").page(path)

"""What a visitor looked at of late: the part of a product's page, and the page for those without scripts."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from shop.catalogue.models import Product
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from shop.stores.themes import installed_themes
from tests.goods import a_parent, a_product
from tests.pricing.trade import a_buyer_of, a_company, a_list, set_prices
from tests.queries import counted_queries
from tests.trade import a_buyer, open_for_trade

pytestmark = pytest.mark.django_db

ADDRESS = "/seen/"
TITLE = re.compile(r'<h[23] class="card__title"><a href="[^"]*">([^<]*)</a>')


@pytest.fixture
def store(aurora_store: Store) -> Store:
    return open_for_trade(aurora_store)


@pytest.fixture
def shopper() -> Client:
    return Client(headers={"host": "aurora.example"})


def seen(client: Client, *products: Product) -> None:
    for product in products:
        assert client.post(f"/seen/{product.pk}/").status_code == 204


def part(client: Client, **asked: object) -> str:
    response = client.get(ADDRESS, asked, headers={"hx-request": "true"})
    assert response.status_code == 200
    return response.content.decode()


def test_what_was_seen_last_comes_first_without_the_product_whose_page_it_is(shopper, store):
    cup, plate, bowl = (a_product(title, store) for title in ("Cup", "Plate", "Bowl"))
    seen(shopper, cup, plate, bowl, cup)

    text = part(shopper, besides=plate.pk)

    assert TITLE.findall(text) == ["Cup", "Bowl"]
    assert "<html" not in text
    assert f'hx-post="/basket/add/{cup.pk}/"' in text


def test_no_more_than_six_are_shown(shopper, store):
    seen(shopper, *(a_product(f"Cup {number}", store) for number in range(1, 10)))

    assert TITLE.findall(part(shopper)) == [f"Cup {number}" for number in (9, 8, 7, 6, 5, 4)]


def test_who_has_seen_nothing_or_this_alone_is_shown_nothing(shopper, store):
    cup = a_product("Cup", store)
    assert part(shopper).strip() == ""

    seen(shopper, cup)

    assert part(shopper, besides=cup.pk).strip() == ""
    assert TITLE.findall(part(shopper, besides="x' OR 1=1")) == ["Cup"]


def test_without_scripts_there_is_a_page(shopper, store):
    before = shopper.get(ADDRESS)
    seen(shopper, a_product("Cup", store))
    after = shopper.get(ADDRESS)

    assert "Nothing yet" in before.content.decode()
    assert TITLE.findall(after.content.decode()) == ["Cup"]
    assert "<h1>Recently seen</h1>" in after.content.decode()
    assert shopper.post(ADDRESS).status_code == 405


def test_nobody_keeps_it(shopper, store):
    response = shopper.get(ADDRESS)

    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert "HX-Request" in response["Vary"]


@pytest.mark.parametrize("theme", sorted(installed_themes()))
def test_each_theme_shows_cards(shopper, store, theme):
    Store.objects.update(theme=theme)
    seen(shopper, a_product("Cup", store), a_parent("Shirt", store, variants={"S": "20", "M": "22"}))

    assert TITLE.findall(part(shopper)) == ["Shirt", "Cup"]


def test_each_buyer_sees_their_own_price(shopper, store):
    Store.objects.update(tax_rate=Decimal(0))
    cup = a_product("Cup", store, price="10")
    company = a_company()
    set_prices(a_list("own", company=company), cup, "1:4.44")
    seen(shopper, cup)
    before = part(shopper)

    shopper.force_login(a_buyer_of(company, "own@business.example"))

    assert "£10.00" in before
    assert "£4.44" in part(shopper)


def test_where_prices_are_hidden_none_is_told(shopper, store):
    Store.objects.update(hides_prices=True)
    seen(shopper, a_product("Cup", store, price="10"))

    text = part(shopper)

    assert "£" not in text
    assert "Sign in to see prices" in text


def test_what_is_sold_no_more_is_not_shown(shopper, store):
    cup, plate, bowl = (a_product(title, store) for title in ("Cup", "Plate", "Bowl"))
    seen(shopper, cup, plate, bowl)
    plate.listings.all().delete()
    Product.objects.filter(pk=bowl.pk).update(is_public=False)

    assert TITLE.findall(part(shopper)) == ["Cup"]


NONSENSE = [
    "evil",
    "{}",
    "null",
    "[]",
    '["1"]',
    "[true, 1.5, -1]",
    "[0]",
    "[1e9]",
    "[NaN]",
    "[[1]]",
    "[" * 4000,
    f"[{'9' * 5000}]",
    f"[{2**63}]",
    "[1] ",
]


@pytest.mark.parametrize("cookie", NONSENSE, ids=lambda text: text[:12])
def test_a_cookie_that_is_none_of_ours_is_passed_over(shopper, store, cookie):
    cup = a_product("Cup", store)
    shopper.cookies["oscar_history"] = cookie

    assert part(shopper).strip() == ""
    assert shopper.get(cup.get_absolute_url()).status_code == 200
    seen(shopper, cup)
    assert TITLE.findall(part(shopper)) == ["Cup"]


def test_whatever_the_cookie_says_there_are_six_queries_at_most(shopper, store):
    company = a_company()
    goods = [a_parent(f"Shirt {number}", store, variants={"S": "20", "M": "22"}) for number in range(20)]
    set_prices(a_list("own", company=company), goods[0], "1:4.44")
    ids = [product.pk for product in goods]
    shopper.cookies["oscar_history"] = f"[{ids[0]}]"
    part(shopper)
    with counted_queries() as one:
        part(shopper)

    for told in (f"[{', '.join(map(str, ids))}]", f"[{', '.join(map(str, range(1, 3000)))}]"):
        shopper.cookies["oscar_history"] = told
        with counted_queries() as many:
            part(shopper)
        assert len(many) <= len(one) <= 6, many


def test_who_must_be_asked_is_shown_nothing_before_they_agree(shopper, store):
    cup = a_product("Cup", store)
    seen(shopper, cup)
    Store.objects.update(asks_cookie_consent=True)

    page = shopper.get(cup.get_absolute_url()).content.decode()

    assert part(shopper).strip() == ""
    assert f'hx-get="{ADDRESS}"' not in page


def test_who_signs_out_leaves_nothing_behind(shopper, store):
    shopper.force_login(a_buyer("grace@example.com"))
    seen(shopper, a_product("Cup", store))

    shopper.post("/accounts/logout/")

    assert part(shopper).strip() == ""


def test_the_stranger_s_products_are_not_shown_whatever_a_cookie_names(shopper, store, lumen):
    with merchant_scope(lumen.pk):
        theirs = a_product("Lamp", Store.objects.get()).pk
    cup = a_product("Cup", store).pk
    shopper.cookies["oscar_history"] = f"[{cup}, {theirs}]"

    assert TITLE.findall(part(shopper)) == ["Cup"]

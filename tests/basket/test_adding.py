import pytest
from django.conf import settings
from django.core.signing import Signer

from shop.accounts.models import User
from shop.basket.models import Basket, Line
from shop.catalogue.models import Option, Product
from shop.listings.actions import list_products
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.basket.shopping import a_shopper, content, put_in, said
from tests.goods import a_parent, a_product, stock
from tests.queries import counted_queries

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def shopper(aurora_store):
    return a_shopper()


def test_looking_around_makes_no_basket_and_no_cookie(shopper, aurora_store):
    cup = a_product("Cup", aurora_store)

    for path in (cup.get_absolute_url(), "/basket/"):
        response = shopper.get(path)
        assert settings.OSCAR_BASKET_COOKIE_OPEN not in response.cookies

    assert not Basket.objects.exists()


def test_a_signed_in_shopper_who_looks_around_gets_no_basket_either(shopper, aurora_store):
    shopper.force_login(User.objects.create_user(email="ann@example.com", password="long-enough-word"))

    assert shopper.get("/basket/").status_code == 200

    assert not Basket.objects.exists()


def test_a_guest_is_given_a_basket_of_this_store_with_the_first_thing(shopper, aurora_store):
    response = put_in(shopper, a_product("Cup", aurora_store), 2)

    basket = Basket.objects.get()
    assert (basket.store, basket.owner, basket.status) == (aurora_store, None, "Open")
    assert content() == {"Cup": 2}
    cookie = response.cookies[settings.OSCAR_BASKET_COOKIE_OPEN]
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")


def test_the_same_thing_again_adds_to_its_line(shopper, aurora_store):
    cup, bowl = a_product("Cup", aurora_store), a_product("Bowl", aurora_store)

    for product, quantity in [(cup, 1), (bowl, 1), (cup, 3)]:
        put_in(shopper, product, quantity)

    assert content() == {"Cup": 4, "Bowl": 1}


def test_the_message_says_what_was_put_in(shopper, aurora_store):
    [text] = said(put_in(shopper, a_product("Cup & saucer", aurora_store)))

    assert "<strong>Cup &amp; saucer</strong> is in your basket." in text


def test_options_make_lines_of_their_own(shopper, aurora_store):
    cup = a_product("Cup", aurora_store)
    cup.product_options.add(Option.objects.create(name="Engraving", code="engraving", type="text"))

    for engraving in ("Ann", "Bob", "Ann"):
        put_in(shopper, cup, 1, engraving=engraving)

    lines = Basket.objects.get().lines.all()
    assert sorted((line.attributes.get().value, line.quantity) for line in lines) == [("Ann", 2), ("Bob", 1)]


# What is refused


@pytest.mark.parametrize(
    ("quantity", "sentence"),
    [
        ("", "Say how many."),
        ("0", "Say how many: at least one."),
        ("-3", "Say how many: at least one."),
        ("1.5", "Say how many in whole numbers."),
        ("two", "Say how many in whole numbers."),
        ("9" * 5000, "Say how many in whole numbers."),
        ("\x00", "Say how many in whole numbers."),
        ("11", "a maximum of 10 can be bought"),
        ("10001", "not able to ship more than 10000 items"),
        ("9" * 30, "not able to ship more than 10000 items"),
    ],
)
def test_a_quantity_that_cannot_be_is_refused_in_a_sentence(shopper, aurora_store, quantity, sentence):
    cup = a_product("Cup", aurora_store)

    response = put_in(shopper, cup, quantity)

    assert response.status_code == 302
    [text] = said(response)
    assert sentence in text
    assert not Basket.objects.exists()


def test_no_more_can_be_put_in_than_there_is_in_several_goes(shopper, aurora_store):
    cup = a_product("Cup", aurora_store)

    put_in(shopper, cup, 9)
    assert "a maximum of 10" in said(put_in(shopper, cup, 2))[-1]
    put_in(shopper, cup, 1)

    assert content() == {"Cup": 10}


def test_what_was_typed_comes_back_with_the_product_page(shopper, aurora_store):
    cup = a_product("Cup", aurora_store)

    put_in(shopper, cup, 9999)

    assert 'value="9999"' in shopper.get(cup.get_absolute_url()).content.decode()


@pytest.mark.parametrize("child", [None, "", "0", "none"])
def test_a_variant_must_be_chosen(shopper, aurora_store, child):
    shirt = a_parent("Shirt", aurora_store, variants={"S": "8", "M": "9"})

    response = put_in(shopper, shirt, **({} if child is None else {"child_id": child}))

    assert said(response) == ["Please choose a variant."]
    assert not Basket.objects.exists()


def test_a_variant_is_put_in_with_its_own_price(shopper, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"S": "8", "M": "9"})

    put_in(shopper, shirt, child_id=shirt.children.get(title="M").pk)

    assert content() == {"Shirt, M": 1}
    assert Line.objects.get().price_excl_tax == 9


def test_a_closed_variant_cannot_be_chosen(shopper, aurora_store):
    shirt = a_parent("Shirt", aurora_store, variants={"S": "8", "M": "9", "L": "10"})
    hidden, sold_out = shirt.children.get(title="M"), shirt.children.get(title="L")
    Product.objects.filter(pk=hidden.pk).update(is_public=False)
    sold_out.stockrecords.update(num_in_stock=0)

    assert said(put_in(shopper, shirt, child_id=hidden.pk)) == ["Please choose a variant."]
    assert said(put_in(shopper, shirt, child_id=sold_out.pk))[-1] == "no stock available"
    assert put_in(shopper, hidden).status_code == 404
    assert not Basket.objects.exists()


def test_a_variant_of_another_product_cannot_be_chosen(shopper, aurora_store):
    shirt, hat = (a_parent(name, aurora_store, variants={"S": "8"}) for name in ("Shirt", "Hat"))

    assert said(put_in(shopper, shirt, child_id=hat.children.get().pk)) == ["Please choose a variant."]
    assert not Basket.objects.exists()


def test_what_has_no_price_cannot_be_put_in(shopper, aurora_store):
    cup = a_product("Cup", aurora_store, price=None)
    stock(cup, "10", currency="EUR")

    [text] = said(put_in(shopper, cup))

    assert "price could not be determined" in text
    assert not Basket.objects.exists()


@pytest.mark.parametrize("number", [0, 10**6, 10**30])
def test_a_number_that_is_no_product_s_is_not_found(shopper, aurora_store, number):
    assert shopper.post(f"/basket/add/{number}/", {"quantity": 1}).status_code == 404

    assert not Basket.objects.exists()


def test_an_order_in_another_tab_takes_its_basket_along(shopper, aurora_store):
    cup, bowl = a_product("Cup", aurora_store), a_product("Bowl", aurora_store)
    put_in(shopper, cup)
    ordered = Basket.objects.get()
    shopper.get("/basket/")
    Basket.objects.update(status=Basket.SUBMITTED)

    put_in(shopper, bowl)

    assert content(ordered) == {"Cup": 1}
    assert content(Basket.objects.get(status=Basket.OPEN)) == {"Bowl": 1}


# Queries


@pytest.mark.parametrize(("signed_in", "most"), [(False, 12), (True, 14)])
def test_adding_takes_as_many_queries_with_many_lines_as_with_few(shopper, aurora_store, signed_in, most):
    if signed_in:  # which asks for the session and the account
        shopper.force_login(User.objects.create_user(email="ann@example.com", password="long-enough-word"))
    products = [a_product(f"Cup {n}", aurora_store) for n in range(13)]
    for product in products[:4]:
        put_in(shopper, product)

    counts = []
    for more, last in ((0, 10), (4, 11)):
        for product in products[4 : 4 + more]:
            put_in(shopper, product)
        with counted_queries() as queries:
            put_in(shopper, products[last])
        counts.append(len(queries))

    assert counts[0] == counts[1] <= most, str(queries)


# The stranger


def test_what_the_store_does_not_sell_is_not_found(shopper, aurora_store, lumen):
    trade = open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    elsewhere, hidden = a_product("Elsewhere", trade), a_product("Hidden", aurora_store, is_public=False)
    with merchant_scope(lumen.pk):
        theirs = a_product("Lamp", Store.objects.get())

    for product in (elsewhere, hidden, theirs):
        assert put_in(shopper, product).status_code == 404

    assert not Basket.objects.exists()


def test_a_cookie_opens_no_basket_of_another_store_or_merchant(shopper, aurora_store, lumen):
    trade = open_store(NewStore(name="Trade", slug="trade", host="trade.example"))
    cup = a_product("Cup", aurora_store)
    list_products(trade, [cup])
    put_in(shopper, cup, 2)
    cookie = shopper.cookies[settings.OSCAR_BASKET_COOKIE_OPEN].value

    for host in ("trade", "lumen"):
        stranger = a_shopper(host)
        stranger.cookies[settings.OSCAR_BASKET_COOKIE_OPEN] = cookie
        response = stranger.get("/basket/")
        assert "Your basket is empty" in response.content.decode()
        assert response.cookies[settings.OSCAR_BASKET_COOKIE_OPEN]["max-age"] == 0

    assert content() == {"Cup": 2}


def test_a_forged_cookie_opens_no_basket(shopper, aurora_store):
    put_in(shopper, a_product("Cup", aurora_store))
    pk = Basket.objects.get().pk

    for forged in (str(pk), f"{pk}:abc", Signer().sign(pk), Signer(salt="basket of store 0").sign(pk)):
        stranger = a_shopper()
        stranger.cookies[settings.OSCAR_BASKET_COOKIE_OPEN] = forged
        assert "Your basket is empty" in stranger.get("/basket/").content.decode()


def test_a_guests_cookie_opens_no_basket_of_an_account(shopper, aurora_store):
    put_in(shopper, a_product("Cup", aurora_store))
    Basket.objects.update(owner=User.objects.create_user(email="ann@example.com", password="long-enough-word"))

    assert "Your basket is empty" in shopper.get("/basket/").content.decode()

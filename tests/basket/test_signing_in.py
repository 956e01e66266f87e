import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from shop.accounts.models import User
from shop.basket.errors import AnotherStore, NotForSale
from shop.basket.models import Basket
from shop.listings.actions import list_products, unlist_products
from shop.partner.strategy import Selector
from shop.stores.actions import NewStore, open_store
from shop.stores.current import serving
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.basket.shopping import a_shopper, content, put_in, said
from tests.goods import a_product

pytestmark = [pytest.mark.django_db, pytest.mark.data]

COOKIE = settings.OSCAR_BASKET_COOKIE_OPEN


@pytest.fixture
def ann(in_aurora) -> User:
    return User.objects.create_user(email="ann@example.com", password="long-enough-word")


@pytest.fixture
def trade(in_aurora) -> Store:
    return open_store(NewStore(name="Trade", slug="trade", host="trade.example"))


def test_what_a_guest_chose_is_theirs_when_they_have_signed_in(aurora_store, ann):
    shopper = a_shopper()
    put_in(shopper, a_product("Cup", aurora_store), 2)
    shopper.force_login(ann)

    response = shopper.get("/basket/")

    assert content(Basket.objects.get(status="Open")) == {"Cup": 2}
    assert Basket.objects.get(status="Open").owner == ann
    assert response.cookies[COOKIE]["max-age"] == 0
    assert "2 pieces that you chose before you signed in are in your basket now." in response.content.decode()
    assert "chose before" not in shopper.get("/basket/").content.decode()


def test_it_joins_what_was_in_their_basket_and_the_larger_quantity_stays(aurora_store, ann):
    cup, bowl = a_product("Cup", aurora_store), a_product("Bowl", aurora_store)
    before = a_shopper()
    before.force_login(ann)
    put_in(before, cup, 5)
    guest = a_shopper()
    put_in(guest, cup, 2)
    put_in(guest, bowl, 1)

    guest.force_login(ann)
    guest.get("/basket/")

    assert content(Basket.objects.get(status="Open")) == {"Cup": 5, "Bowl": 1}
    assert Basket.objects.get(status="Merged").lines.count() == 0


def test_a_buyer_has_a_basket_of_their_own_in_each_store(aurora_store, trade, ann):
    cup = a_product("Cup", aurora_store, trade)
    for host, quantity in (("aurora", 1), ("trade", 3)):
        shopper = a_shopper(host)
        shopper.force_login(ann)
        put_in(shopper, cup, quantity)

    assert {basket.store.slug: content(basket) for basket in ann.baskets.all()} == {
        "aurora": {"Cup": 1},
        "trade": {"Cup": 3},
    }


def test_there_are_never_two_open_baskets_of_one_buyer_in_one_store(aurora_store, ann):
    Basket.objects.create(owner=ann, store=aurora_store)

    with pytest.raises(IntegrityError), transaction.atomic():
        Basket.objects.create(owner=ann, store=aurora_store)


def test_a_basket_that_was_frozen_takes_up_what_was_chosen_meanwhile(aurora_store, ann):
    shopper = a_shopper()
    shopper.force_login(ann)
    put_in(shopper, a_product("Cup", aurora_store))
    frozen = Basket.objects.get()
    frozen.freeze()
    put_in(shopper, a_product("Bowl", aurora_store))

    frozen.thaw()

    assert content(frozen) == {"Cup": 1, "Bowl": 1}
    assert sorted(Basket.objects.values_list("status", flat=True)) == ["Merged", "Open"]


def test_baskets_of_two_stores_are_not_merged(aurora_store, trade):
    with serving(aurora_store):
        ours = Basket.objects.create()
    with serving(trade):
        other = Basket.objects.create()

    with pytest.raises(AnotherStore):
        ours.merge(other)

    assert Basket.objects.filter(status="Open").count() == 2


def test_whatever_adds_to_a_basket_adds_only_what_the_store_sells(aurora_store, trade):
    cup = a_product("Cup", trade)
    with serving(aurora_store):
        basket = Basket.objects.create()
        basket.strategy = Selector().strategy()

        with pytest.raises(NotForSale):
            basket.add_product(cup)
        list_products(aurora_store, [cup])
        cup.refresh_from_db()
        cup.known_listings.clear()
        basket.add_product(cup)
        unlist_products(aurora_store, [cup])
        cup.known_listings.clear()
        with pytest.raises(NotForSale):
            basket.add_product(cup)

    assert content(basket) == {"Cup": 1}


# The stranger


def test_a_basket_of_another_merchant_is_not_merged(aurora_store, ann, lumen):
    with merchant_scope(lumen.pk):
        theirs = a_shopper("lumen")
        put_in(theirs, a_product("Lamp", Store.objects.get()))
    shopper = a_shopper()
    shopper.cookies[COOKIE] = theirs.cookies[COOKIE].value
    shopper.force_login(ann)

    response = shopper.get("/basket/")

    assert "Your basket is empty" in response.content.decode()
    assert said(response) == []
    assert not Basket.objects.exists()
    with merchant_scope(lumen.pk):
        assert content() == {"Lamp": 1}

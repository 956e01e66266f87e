"""What a change moves, in the very process that makes it."""

from decimal import Decimal

import pytest
from django.db import connection, transaction
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.catalogue.models import Category, Product
from shop.inventory.models import Reservation
from shop.offer.models import Benefit, Condition, ConditionalOffer
from shop.partner.models import StockRecord
from shop.pricing.actions import publish_changes
from shop.pricing.changes import SetTier, Target
from shop.pricing.models import QuantityRule
from shop.pricing.quantities import ANY_QUANTITY, QuantityTerms, nearest_allowed
from shop.search.models import Entry
from shop.search.popularity import reckon
from shop.stores.models import Store, StoreHost
from shop.stores.scope import merchant_scope
from shop.versions.memory import cell_of
from shop.versions.moves import own_moves
from tests.goods import a_parent, a_product
from tests.pricing.trade import a_list
from tests.trade import a_basket, a_buyer

pytestmark = pytest.mark.data


@pytest.fixture
def aurora_id(committed, memory):
    return committed


@pytest.fixture
def cup(aurora_id):
    with merchant_scope(aurora_id):
        return a_product("Cup", Store.objects.get())


@pytest.fixture
def record(aurora_id, cup):
    """The id of its stock record."""
    with merchant_scope(aurora_id):
        return StockRecord.objects.get(product=cup).pk


@pytest.fixture
def moved(memory, aurora_id):
    """Which of the marks that a test names were moved since it last asked."""
    seen = {}

    def ask(*marks):
        now = {mark: memory.version([cell_of(mark)]) for mark in marks}
        found = {mark for mark in marks if seen.get(mark) != now[mark]}
        seen.update(now)
        return found

    return ask


def test_how_popular_a_product_has_become_moves_no_page(aurora_id, cup, moved):
    pages = f"m{aurora_id}"
    moved(pages)

    with merchant_scope(aurora_id):
        get_model("analytics", "ProductRecord").objects.create(product=cup, num_purchases=1000)
        list(reckon())
        assert Entry.objects.get(product=cup).popularity == 10

    assert moved(pages) == set()


def test_what_pages_show_is_moved_when_the_transaction_is_through(aurora_id, cup, memory, moved):
    pages, other = f"m{aurora_id}", f"m{aurora_id + 1}"
    moved(pages, other)

    with merchant_scope(aurora_id):
        Product.objects.update(title="Mug")
        assert own_moves().touch((pages,))
        assert not own_moves().touch((other,))
        assert moved(pages, other) == set()

    assert moved(pages, other) == {pages}
    assert not own_moves().touch((pages,))


def test_what_is_rolled_back_moves_nothing(aurora_id, cup, moved):
    pages = f"m{aurora_id}"
    moved(pages)

    with merchant_scope(aurora_id):
        Product.objects.update(title="Mug")
        transaction.set_rollback(True)

    assert moved(pages) == set()
    assert not own_moves().touch((pages,))


def test_an_update_of_nothing_moves_nothing(aurora_id, cup, moved):
    pages = f"m{aurora_id}"
    moved(pages)

    with merchant_scope(aurora_id):
        Product.objects.filter(pk=0).update(title="Mug")

    assert moved(pages) == set()


def test_pieces_move_their_stock_record_alone_and_prices_move_the_pages(aurora_id, record, moved):
    pages, stock = f"m{aurora_id}", f"k{record}"
    moved(pages, stock)

    with merchant_scope(aurora_id):
        StockRecord.objects.filter(pk=record).update(num_allocated=3)
    assert moved(pages, stock) == {stock}

    with merchant_scope(aurora_id):
        StockRecord.objects.filter(pk=record).update(price=12)
    assert moved(pages, stock) == {pages}


def test_the_last_piece_moves_the_pages_as_well(aurora_id, record, moved):
    pages, stock = f"m{aurora_id}", f"k{record}"
    moved(pages, stock)

    with merchant_scope(aurora_id):
        StockRecord.objects.filter(pk=record).update(num_in_stock=0)

    assert moved(pages, stock) == {pages, stock}


@pytest.fixture
def variant(aurora_id):
    """The id of the stock record of one of two, which some must take in threes; tiers begin at four and at seven."""
    with merchant_scope(aurora_id):
        shirt = a_parent("Shirt", Store.objects.get(), variants={"S": "20", "M": "22"})
        clothes = Category.add_root(name="Clothes", slug="clothes")
        shirt.categories.add(clothes.add_child(name="Shirts", slug="shirts"))
        tiers = [(Target(product_id=shirt.pk), 7), (Target(category_id=clothes.pk), 4)]
        publish_changes(a_list("many"), [SetTier(whose, Decimal(9), least) for whose, least in tiers], by=None)
        QuantityRule.objects.create(product=shirt, minimum=3, multiple=3)
        return StockRecord.objects.get(product__title="M").pk


def test_fewer_pieces_of_a_variant_than_somebody_must_take_move_the_pages(aurora_id, variant, moved):
    pages = f"m{aurora_id}"

    def is_moved_by(before, after):
        for pieces in (before, after):
            moved(pages)
            with merchant_scope(aurora_id):
                StockRecord.objects.filter(pk=variant).update(num_in_stock=pieces)
        return bool(moved(pages))

    packs = (ANY_QUANTITY, QuantityTerms(3, 3))
    taken = {nearest_allowed(quantity, terms)[-1] for quantity in (1, 4, 7) for terms in packs}
    assert [pieces for pieces in range(1, 11) if is_moved_by(pieces, pieces - 1)] == sorted(taken)
    assert [change for change in [(5, 6), (100, 0)] if not is_moved_by(*change)] == []
    assert [change for change in [(100, 10), (3, 3)] if is_moved_by(*change)] == []


def test_a_reservation_moves_its_stock_record(aurora_id, cup, record, moved):
    with merchant_scope(aurora_id):
        basket = a_basket(Store.objects.get(), (cup, 1))
    moved(f"m{aurora_id}", f"k{record}")

    with merchant_scope(aurora_id):
        Reservation.objects.create(
            basket=basket, stockrecord_id=record, quantity=1, expires_at="2100-01-01T00:00:00+00:00"
        )

    assert moved(f"m{aurora_id}", f"k{record}") == {f"k{record}"}


def test_a_basket_moves_itself_and_its_owner(aurora_id, cup, moved):
    with merchant_scope(aurora_id):
        owner, other = a_buyer("grace@example.com"), a_buyer("ada@example.com")
        basket = a_basket(Store.objects.get(), (cup, 1), owner=owner)
    marks = f"b{basket.pk}", f"u{owner.pk}", f"u{other.pk}", f"m{aurora_id}"
    moved(*marks)

    with merchant_scope(aurora_id):
        basket.lines.update(quantity=2)
    assert moved(*marks) == {f"b{basket.pk}"}

    with merchant_scope(aurora_id):
        basket.freeze()
    assert moved(*marks) == {f"b{basket.pk}", f"u{owner.pk}"}


def test_an_account_moves_itself(aurora_id, moved):
    with merchant_scope(aurora_id):
        owner = a_buyer("edith@example.com")
    moved(f"u{owner.pk}", f"m{aurora_id}")

    with merchant_scope(aurora_id):
        User.objects.filter(pk=owner.pk).update(is_active=False)

    assert moved(f"u{owner.pk}", f"m{aurora_id}") == {f"u{owner.pk}"}


def test_what_an_offer_counts_moves_nothing_and_its_name_does(aurora_id, moved):
    with merchant_scope(aurora_id):
        condition, benefit = (
            Condition.objects.create(),
            Benefit.objects.create(type=Benefit.SHIPPING_PERCENTAGE, value=5),
        )
        ConditionalOffer.objects.create(name="Sale", condition=condition, benefit=benefit)
    moved(f"m{aurora_id}")

    with merchant_scope(aurora_id):
        ConditionalOffer.objects.update(num_orders=5)
    assert moved(f"m{aurora_id}") == set()

    with merchant_scope(aurora_id):
        ConditionalOffer.objects.update(name="Sales")
    assert moved(f"m{aurora_id}") == {f"m{aurora_id}"}


def test_a_host_moves_the_directory(aurora_id, moved):
    moved("hosts")

    with merchant_scope(aurora_id):
        StoreHost.objects.create(host="other.example.com", store=Store.objects.get())

    assert moved("hosts") == {"hosts"}


def test_very_many_at_once_move_all_pages_of_their_merchant(aurora_id, memory, moved):
    marks = f"m{aurora_id}", f"m{aurora_id + 1}"
    moved(*marks)

    with merchant_scope(aurora_id), connection.cursor() as cursor:
        cursor.execute("SELECT stoa_move(array_agg('b' || n)) FROM generate_series(1, 201) AS n")

    assert moved(*marks) == {f"m{aurora_id}"}

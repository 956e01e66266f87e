"""What is counted of a list is asked for once; its other pages and orders are what they would be if asked for anew."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product as every
from time import sleep

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.catalogue.models import Category, Product
from shop.listings.actions import list_products, unlist_products
from shop.partner.models import StockRecord
from shop.pricing.actions import publish_changes
from shop.pricing.changes import SetTier, Target
from shop.pricing.context import from_store
from shop.search.criteria import Criteria, Found, Sort
from shop.search.models import Entry
from shop.search.postgresql import find
from shop.search.postgresql.differences import Reckoning
from shop.search.postgresql.queries import found_and_counted, page_of
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.goods import a_product
from tests.pricing.trade import a_list, set_prices

pytestmark = [pytest.mark.data, pytest.mark.usefixtures("listener")]


@pytest.fixture(scope="module")
def goods(committed) -> list[Product]:
    """Twelve in a category, at falling prices, half of them not to be had; the last at a price of a list."""
    with merchant_scope(committed):
        made = [a_product(f"Goods {n:02}", Store.objects.get(), price=f"{20 - n}") for n in range(12)]
        Category.add_root(name="Home").product_set.set(made)
        StockRecord.objects.filter(product__in=made[::2]).update(num_in_stock=0)
        set_prices(a_list("everybody"), made[-1], "1: 1")
    return made


@pytest.fixture
def asked(committed, goods) -> Criteria:
    with merchant_scope(committed):
        return Criteria(Store.objects.get().pk, "en", store_currency="GBP", limit=3, most_counted=5)


def at(criteria: Criteria, moment: datetime | None = None) -> Criteria:
    """Of who asks now, or looks at another moment."""
    return replace(criteria, buyer=from_store(Store.objects.get(), moment=moment))


def found_by(merchant: int, criteria: Criteria) -> Found:
    """In a request of its own."""
    with merchant_scope(merchant):
        return find(at(criteria))


def is_counted(merchant: int, criteria: Criteria, moment: datetime | None = None) -> bool:
    """Whether the database has to count for it."""
    with merchant_scope(merchant), CaptureQueriesContext(connection) as asked:
        find(at(criteria, moment))
    return any("FROM seen" in query["sql"] for query in asked.captured_queries)


FILTERS = [{}, {"only_in_stock": True}, {"price_buckets": (6, 7)}, {"words": "goods"}, {"words": "goods 03"}]


@pytest.mark.parametrize("most_counted", [5, 100])
@pytest.mark.parametrize("filters", FILTERS)
def test_every_page_in_every_order_is_what_it_would_be_anew(committed, asked, filters, most_counted):
    list_ = replace(asked, **filters, most_counted=most_counted)
    found_by(committed, list_)

    for sort, offset in every(Sort, (0, 3)):
        page = replace(list_, sort=sort, offset=offset)
        assert not is_counted(committed, page)
        with merchant_scope(committed):
            assert find(at(page)).product_ids == found_and_counted(at(page)).product_ids, sort
            assert find(at(page)).total == found_and_counted(at(page)).total


def test_a_filter_is_counted_of_its_own(committed, asked):
    found_by(committed, asked)

    assert is_counted(committed, replace(asked, only_in_stock=True))
    assert found_by(committed, replace(asked, only_in_stock=True, most_counted=100)).total == 6


def test_a_change_is_seen_by_the_next_question(committed, asked, goods):
    list_ = replace(asked, most_counted=100)
    assert found_by(committed, list_).total == 12

    with merchant_scope(committed):
        unlist_products(Store.objects.get(), goods[:1])
        assert find(at(list_)).total == 11  # before it is through
    assert found_by(committed, list_).total == 11

    with merchant_scope(committed):
        list_products(Store.objects.get(), goods[:1])
    assert found_by(committed, list_).total == 12


def test_counts_end_when_a_price_changes_by_itself(committed, asked, goods):
    with merchant_scope(committed):
        sale = SetTier(
            Target(product_id=goods[0].pk), Decimal("0.05"), valid_from=timezone.now() + timedelta(seconds=1.5)
        )
        publish_changes(a_list("sale"), [sale], by=None)
    list_ = replace(asked, most_counted=100)

    before = {count.value: count.number for count in found_by(committed, list_).prices}
    sleep(1.6)
    after = {count.value: count.number for count in found_by(committed, list_).prices}

    assert (before.get(0, 0), after.get(0, 0)) == (0, 1)


def test_who_looks_at_another_day_counts_for_themselves(committed, asked):
    found_by(committed, asked)
    tomorrow = timezone.now() + timedelta(days=1)

    assert is_counted(committed, asked, tomorrow)
    assert is_counted(committed, asked, tomorrow)


def test_own_prices_are_reckoned_once_for_all_questions_until_one_changes(committed, asked, goods):
    by_price = replace(asked, sort=Sort.PRICE_ASCENDING, most_counted=100)
    assert goods[-1].pk in found_by(committed, by_price).product_ids

    with merchant_scope(committed), CaptureQueriesContext(connection) as unchanged:
        find(at(replace(by_price, price_buckets=(0, 7))))
        find(at(replace(by_price, words="goods", only_in_stock=True)))
    assert not any("suspect" in query["sql"] for query in unchanged.captured_queries)

    with merchant_scope(committed):
        set_prices(a_list("last"), goods[3], "1: 0.01")
    assert found_by(committed, by_price).product_ids[0] == goods[3].pk
    assert goods[3].pk in found_by(committed, replace(by_price, price_buckets=(0,))).product_ids


def test_what_changes_while_own_prices_are_reckoned_is_in_no_later_answer(committed, asked, goods, monkeypatch):
    known = Reckoning.for_question

    def interrupted(reckoning, criteria):
        differences = known(reckoning, criteria)
        monkeypatch.undo()
        with ThreadPoolExecutor(1) as another:
            another.submit(price_at, committed, goods[-1], 500).result()
        return differences

    monkeypatch.setattr(Reckoning, "for_question", interrupted)
    by_price = replace(asked, sort=Sort.PRICE_ASCENDING, most_counted=100)
    found_by(committed, by_price)
    with merchant_scope(committed):
        anew = found_and_counted(at(by_price))
    found = found_by(committed, by_price)
    price_at(committed, goods[-1], 9)

    assert found == anew


def price_at(merchant: int, product: Product, price: int) -> None:
    """By somebody else."""
    try:
        with merchant_scope(merchant):
            StockRecord.objects.filter(product=product).update(price=price)
    finally:
        connection.close()


def test_the_first_pages_in_each_order_are_known_with_the_counts(committed, asked):
    pages = [replace(asked, sort=sort, offset=6) for sort in Sort]
    for page in pages:
        found_by(committed, replace(page, offset=0))

    with merchant_scope(committed):
        with CaptureQueriesContext(connection) as again:
            found = [find(at(page)).product_ids for page in pages]
        anew = [page_of(at(page), is_capped=True) for page in pages]

    assert not any("search_scoped" in query["sql"] for query in again.captured_queries)
    assert found == anew


@pytest.mark.parametrize("sort", Sort)
def test_later_pages_are_found_several_at_a_time(committed, asked, monkeypatch, sort):
    monkeypatch.setattr("shop.search.postgresql.counting.WINDOW", 6)
    pages = [replace(asked, sort=sort, offset=offset) for offset in (0, 3, 6, 9)]
    found_by(committed, pages[0])

    with merchant_scope(committed):
        with CaptureQueriesContext(connection) as later:
            found = [find(at(page)).product_ids for page in pages]
        assert found == [page_of(at(page), is_capped=True) for page in pages]
        between = at(replace(asked, sort=sort, offset=4))
        assert find(between).product_ids == page_of(between, is_capped=True)

    assert len([query for query in later.captured_queries if "search_scoped" in query["sql"]]) == 1


def test_another_store_has_counts_of_its_own(committed, asked):
    found_by(committed, asked)

    assert found_by(committed, replace(asked, store_id=asked.store_id + 1)).total == 0


def test_what_has_become_popular_stands_first_after_ten_minutes_at_most(committed, goods, asked, monkeypatch):
    """Which moves no page."""
    by_words = replace(asked, words="goods", sort=Sort.RELEVANCE)
    with merchant_scope(committed):
        (*_, last) = find(by_words).product_ids
        Entry.objects.filter(product=last).update(popularity=10)
        anew = page_of(by_words, is_capped=False)
    with merchant_scope(committed):
        early = find(by_words).product_ids

    monkeypatch.setattr(timezone, "now", lambda now=timezone.now: now() + timedelta(minutes=10))
    with merchant_scope(committed):
        late = find(by_words).product_ids
    monkeypatch.undo()
    with merchant_scope(committed):
        Entry.objects.update(popularity=0)
        Product.objects.update(rating=None)  # which moves all

    assert early != late == anew


# The stranger


def test_the_same_code_is_a_product_of_each_merchant(committed, asked, goods):
    with merchant_scope(committed):
        Product.objects.filter(pk=goods[0].pk).update(code="X-1")
    lumen = cast_merchant("lumen").pk
    with merchant_scope(lumen):
        lamp = a_product("Lamp", Store.objects.get())
        Product.objects.filter(pk=lamp.pk).update(code="X-1")
        theirs = replace(asked, store_id=Store.objects.get().pk, words="X-1")

    for _ in range(2):
        assert found_by(committed, replace(asked, words="X-1")).product_ids == [goods[0].pk]
        assert found_by(lumen, theirs).product_ids == [lamp.pk]

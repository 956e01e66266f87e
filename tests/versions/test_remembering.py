"""What processes remember of stores and price lists."""

from datetime import timedelta
from decimal import Decimal
from time import sleep

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from oscar.apps.catalogue.categories import create_from_breadcrumbs

from shop.pricing.actions import publish_changes
from shop.pricing.changes import SetTier, Target
from shop.pricing.context import from_store
from shop.pricing.levels import TierKind, TierTarget
from shop.pricing.models import PriceList, QuantityRule
from shop.pricing.queries import load_prices
from shop.stores.models import Store, StoreHost
from shop.stores.querysets import LONGEST_HOST, _entry_of, entry_of_host, store_for_request
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.pricing.trade import a_list, set_prices

pytestmark = pytest.mark.data


@pytest.fixture
def store(committed, memory):
    with merchant_scope(committed):
        yield Store.objects.get()


def asked(function, *args):
    """How many questions a function asks the database."""
    with CaptureQueriesContext(connection) as questions:
        function(*args)
    return len(questions)


def test_what_does_not_change_is_asked_for_once(store):
    for ask, *args in ((entry_of_host, "aurora.example"), (store_for_request, store.pk), (from_store, store)):
        ask(*args)
        assert asked(ask, *args) == 0


def test_a_store_is_the_callers_own_to_change(store):
    mine = store_for_request(store.pk)
    mine.name = "Not saved"
    mine.site.hostname = mine.site.hostname

    assert store_for_request(store.pk).name == "Aurora"


def test_what_the_own_transaction_changes_is_seen_within_it_and_by_nobody_when_it_is_rolled_back(store):
    store_for_request(store.pk)

    with transaction.atomic():
        Store.objects.update(name="Borealis")
        assert store_for_request(store.pk).name == "Borealis"
        transaction.set_rollback(True)

    connection.moves.settle(is_committed=False)  # as the end of the whole transaction does
    assert store_for_request(store.pk).name == "Aurora"


def test_a_host_that_is_too_long_to_be_one_is_not_remembered(store):
    before = len(_entry_of.known)

    assert entry_of_host("a" * (LONGEST_HOST + 1)) is None

    assert len(_entry_of.known) == before


def test_a_host_that_is_unknown_is_known_as_soon_as_it_is_written(committed, memory):
    assert entry_of_host("new.example") is None

    with merchant_scope(committed):
        StoreHost.objects.create(host="new.example", store=Store.objects.get())

    assert entry_of_host("new.example").merchant_id == committed


def test_a_list_counts_from_its_moment_to_its_end(committed, memory):
    starts_at, ends_at = (timezone.now() + timedelta(seconds=seconds) for seconds in (2, 6))
    with merchant_scope(committed):
        store = Store.objects.get()
        a_list("soon", starts_at=starts_at, ends_at=ends_at)

    seen = set()
    while not seen or timezone.now() < ends_at + timedelta(seconds=0.2):
        with merchant_scope(committed):
            before, counts, after = timezone.now(), "soon" in codes(store), timezone.now()
        if after < starts_at or before >= ends_at:
            assert not counts
        if starts_at <= before and after < ends_at:
            assert counts
        seen.add(counts)
        sleep(0.05)

    assert seen == {True, False}


def codes(store):
    return [terms.code for terms in from_store(store).lists]


def test_a_list_that_is_withdrawn_counts_no_more(committed, memory):
    with merchant_scope(committed):
        store = Store.objects.get()
        a_list("everybodys")
    with merchant_scope(committed):
        assert codes(store) == ["everybodys"]

    with merchant_scope(committed):
        PriceList.objects.filter(code="everybodys").update(is_published=False)

    with merchant_scope(committed):
        assert codes(store) == []


def test_prices_are_looked_for_where_there_are_any_and_the_first_of_a_kind_counts_at_once(committed, memory):
    with merchant_scope(committed):
        price_list, product = a_list("lamps"), a_product("Lamp", Store.objects.get())
        category = create_from_breadcrumbs("Lighting")
        product.categories.add(category)
    assert found(committed, product) == (set(), set())

    with merchant_scope(committed):
        set_prices(price_list, product, "1:7")
    assert found(committed, product) == ({TierTarget.PRODUCT}, {"pricing_pricetier"})

    of_category = SetTier(Target(category_id=category.pk), Decimal(6), 1, TierKind.FIXED)
    with merchant_scope(committed):
        publish_changes(price_list, [of_category], by=None)
    both, looked_through = found(committed, product)
    assert both == {TierTarget.PRODUCT, TierTarget.CATEGORY}
    assert looked_through == {"pricing_pricetier", "catalogue_category"}

    with merchant_scope(committed):
        QuantityRule.objects.create(product=product, multiple=4)
    assert found(committed, product) == ({*both, "rule"}, {*looked_through, "pricing_quantityrule"})


def found(merchant_id, product):
    """What kinds of prices reach a product, and which tables are looked through for them."""
    with merchant_scope(merchant_id):
        context = from_store(Store.objects.get())
        load_prices([product], context)  # which asks what there is
        with CaptureQueriesContext(connection) as questions:
            tiers, rules = load_prices([product], context)
    tables = ("pricing_pricetier", "catalogue_category", "pricing_quantityrule")
    looked_through = {table for table in tables for each in questions if table in each["sql"]}
    return {each.tier.target for each in tiers} | {"rule" for _ in rules}, looked_through

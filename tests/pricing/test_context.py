from dataclasses import FrozenInstanceError, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from shop.pricing.context import from_request, from_store
from shop.stores.models import Store, TaxDisplay
from shop.stores.scope import merchant_scope
from tests.pricing.contexts import context, terms


def test_contexts_of_the_same_values_are_the_same_key_of_a_cache():
    assert {context(): 1}[context()] == 1


def test_a_context_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        context().currency = "EUR"


def test_the_cache_key_leaves_out_the_moment():
    now = context()
    assert replace(now, moment=now.moment + timedelta(days=1)).cache_key == now.cache_key


@pytest.mark.parametrize(
    "other",
    [
        {"merchant_id": 3},
        {"store_id": 2},
        {"currency": "EUR"},
        {"lists": (terms(7),)},
        {"lists": (terms(7, base=terms(8)),)},
        {"tax_rate": Decimal("0.05")},
        {"list_tax_rate": Decimal("0.05")},
        {"company_id": 4},
        {"hides_prices": True},
        {"tax_display": TaxDisplay.EXCLUSIVE},
    ],
    ids=lambda other: next(iter(other)),
)
def test_the_cache_key_holds_everything_else(other):
    assert replace(context(), **other).cache_key != context().cache_key


def test_the_cache_key_keeps_its_values_apart_and_in_order():
    orders = [(1, 2), (2, 1), (12,), (1, 2, 0), ()]
    keys = {context(lists=tuple(terms(pk) for pk in ids)).cache_key for ids in orders}
    assert len(keys) == 5


def test_a_new_revision_of_a_list_is_a_new_key():
    keys = {context(lists=(replace(terms(1), revision=number),)).cache_key for number in (1, 2)}
    assert len(keys) == 2


def test_a_rate_is_the_same_however_many_zeros_it_is_written_with():
    assert context(tax_rate="0.2000").cache_key == context(tax_rate="0.2").cache_key


@pytest.mark.django_db
def test_a_store_says_its_currency_and_tax(aurora_store):
    aurora_store.tax_rate, aurora_store.tax_display = Decimal("0.2"), "excl"

    made = from_store(aurora_store)

    assert (made.merchant_id, made.store_id, made.currency) == (aurora_store.merchant_id, aurora_store.pk, "GBP")
    assert (made.tax_rate, made.tax_display, made.shows_tax) == (Decimal("0.2"), TaxDisplay.EXCLUSIVE, False)


@pytest.mark.django_db
def test_a_request_has_one_context_which_takes_one_query_for_anybody(aurora_store, django_assert_num_queries):
    request = RequestFactory().get("/")
    request.store, request.user = aurora_store, AnonymousUser()

    with django_assert_num_queries(1):
        assert from_request(request) is from_request(request)
    assert from_request(request).store_id == aurora_store.pk


@pytest.mark.django_db
def test_stores_of_two_merchants_never_share_a_key(aurora, lumen):
    keys = set()
    for merchant in (aurora, lumen):
        with merchant_scope(merchant.pk):
            keys.add(from_store(Store.objects.get()).cache_key)
    assert len(keys) == 2

"""What processes remember of a store's terms of sale. A change is seen by the very next question."""

from datetime import timedelta
from decimal import Decimal
from time import sleep

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.catalogue.models import Product
from shop.inventory.models import StockPolicy
from shop.inventory.shelves import policy_of
from shop.offer.models import ConditionalOffer
from shop.offer.querysets import site_offers
from shop.payments.contract import Payer
from shop.payments.models import StorePaymentMethod
from shop.payments.offers import methods_for
from shop.pricing.context import from_store
from shop.pricing.models import QuantityRule
from shop.pricing.queries import load_prices
from shop.shipping.models import DeliveryRate
from shop.shipping.repository import Repository
from shop.stores.current import serving
from shop.stores.models import Store
from shop.stores.querysets import served_countries_of
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.goods import a_product
from tests.offer.offers import a_range, an_offer
from tests.pricing.trade import a_list, set_prices
from tests.trade import an_address, open_for_trade

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def aurora(committed):
    with merchant_scope(committed):
        open_for_trade(Store.objects.get())
    return committed


def countries(store: Store) -> list[str]:
    return sorted(served_countries_of(store))


def rates(store: Store) -> list[str]:
    methods = Repository().get_available_shipping_methods(Basketless(), shipping_addr=an_address())
    return [method.code for method in methods]


def payments(store: Store) -> list[str]:
    return [method.code for method in methods_for(store, payer=Payer())]


def minutes(store: Store) -> int:
    return policy_of(store.pk).hold_minutes


def offers(store: Store) -> list[str]:
    return [offer.name for offer in site_offers()]


ANYTHING = [Product(pk=pk) for pk in range(1, 1000)]


def smallest(store: Store) -> list[int]:
    _, rules = load_prices(ANYTHING, from_store(store, currency="EUR"))
    return [rule.quantities.minimum for rule in rules]


def prices(store: Store) -> list[Decimal]:
    tiers, _ = load_prices(ANYTHING, from_store(store))
    return [found.tier.value for found in tiers]


class Basketless:
    strategy = None


def change_countries(store: Store) -> None:
    store.shipping_countries.remove("IE")


def change_rates(store: Store) -> None:
    DeliveryRate.objects.update(code="slow")


def change_payments(store: Store) -> None:
    StorePaymentMethod.objects.update(is_offered=False)


def change_minutes(store: Store) -> None:
    StockPolicy.objects.create(store=store, hold_minutes=3)


def change_offers(store: Store) -> None:
    an_offer(of=a_range())


def change_smallest(store: Store) -> None:
    QuantityRule.objects.create(product=a_product("Pin", store), minimum=6)


def change_prices(store: Store) -> None:
    set_prices(a_list("everybodys"), a_product("Cup", store), "1:9")


CHANGES = [
    (countries, change_countries, ["GB", "IE"], ["GB"]),
    (rates, change_rates, ["standard"], ["slow"]),
    (payments, change_payments, ["bank_transfer"], []),
    (minutes, change_minutes, 15, 3),
    (offers, change_offers, [], ["10 % off"]),
    (prices, change_prices, [], [Decimal(9)]),
    (smallest, change_smallest, [], [6]),
]


@pytest.mark.parametrize(("ask", "change", "before", "after"), CHANGES)
def test_it_is_asked_for_once_and_anew_after_a_change(aurora, memory, ask, change, before, after):
    with merchant_scope(aurora):
        store = Store.objects.get()
    with merchant_scope(aurora), serving(store):
        assert ask(store) == before
        with CaptureQueriesContext(connection) as questions:
            assert ask(store) == before
        assert len(questions) == 0

    with merchant_scope(aurora):
        change(store)
        with serving(store):
            assert ask(store) == after  # within the transaction, too

    with merchant_scope(aurora), serving(store):
        assert ask(store) == after


def test_a_rule_for_stock_is_the_callers_own_to_change(aurora, memory):
    with merchant_scope(aurora):
        store = Store.objects.get()
        mine, before = policy_of(store.pk), minutes(store)
        mine.hold_minutes = 59

        assert minutes(store) == before


def test_an_offer_is_there_at_its_moment_with_what_it_has_counted(aurora, memory):
    begins, ends = (timezone.now() + timedelta(seconds=seconds) for seconds in (2, 4))
    with merchant_scope(aurora):
        ConditionalOffer.objects.all().delete()
        an_offer(of=a_range("Soon"))
        ConditionalOffer.objects.update(start_datetime=begins, end_datetime=ends)
    seen = []
    while timezone.now() < ends + timedelta(seconds=0.2):
        with merchant_scope(aurora):
            before, found, after = timezone.now(), site_offers(), timezone.now()
            ConditionalOffer.objects.update(num_applications=len(seen))
        if after < begins or before > ends:
            assert found == []
        elif begins <= before and after <= ends:
            assert [offer.num_applications for offer in found] == [len(seen) - 1]
        seen.append(len(found))
        sleep(0.05)

    assert set(seen) == {0, 1}


# The stranger


def test_nothing_of_one_merchant_is_remembered_for_another(aurora, memory):
    with merchant_scope(aurora):
        auroras = Store.objects.get()
        assert countries(auroras)

    with merchant_scope(cast_merchant("lumen").pk):
        lumens = Store.objects.get()
        assert [countries(lumens), payments(lumens), offers(lumens)] == [[], [], []]

"""Own prices that are known beforehand lead to what a statement finds that reckons them, whatever is asked."""

import random
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from shop.catalogue.models import Category, Product
from shop.pricing.context import PriceContext, from_company, from_store
from shop.search.criteria import Criteria, PriceRange, Sort
from shop.search.postgresql.differences import Differences
from shop.search.postgresql.plans import reckoning_of
from shop.search.postgresql.queries import found_and_counted, page_of
from shop.stores.models import Store, TaxDisplay
from shop.stores.scope import merchant_scope
from tests.goods import a_product, product_class
from tests.pricing.test_everywhere import World, in_days
from tests.pricing.trade import a_company, a_list, set_prices

pytestmark = [pytest.mark.django_db, pytest.mark.data]

RANGES = range(len(PriceRange.all()))


def asked(store: Store, context: PriceContext, **fields: object) -> Criteria:
    row = {"store_currency": store.currency, "store_shows_tax": store.tax_display == TaxDisplay.INCLUSIVE}
    return Criteria(store.pk, "en", buyer=context, **row, **fields)


def differences_of(criteria: Criteria) -> Differences:
    known = reckoning_of(criteria, criteria.buyer).differences
    assert known is not None
    return known


def untaxed(store: Store) -> None:
    store.tax_rate = Decimal(0)
    store.save()


def questions(dice: random.Random) -> Iterator[dict[str, object]]:
    """Several values of one facet, and facets together; of everything, by words, or of a category."""
    among = {
        "price_buckets": tuple(dice.sample(RANGES, dice.choice([1, 2, 5]))),
        "only_in_stock": True,
        "categories": tuple(Category.objects.values_list("pk", flat=True)),
        "classes": (product_class().pk,),
    }
    china = Category.objects.first().pk
    for asked_of in ({}, {"words": "cup"}, {"words": "shirt or cup"}, {"within": china}):
        for number in (1, 3):
            chosen = ["price_buckets", *dice.sample(sorted(among), number)]
            yield asked_of | {"sort": dice.choice(list(Sort))} | {name: among[name] for name in chosen}
        yield asked_of | {"sort": dice.choice(list(Sort))}


@pytest.mark.parametrize("seed", range(8))
def test_what_is_known_leads_to_what_would_be_reckoned(aurora_store, seed):
    dice = random.Random(seed)
    world = World(aurora_store, dice)
    dice.choice(world.sold).stockrecords.update(num_in_stock=0)
    currency = dice.choice(aurora_store.currencies)
    visitor = from_store(aurora_store, moment=in_days(10))

    for context in (visitor, from_company(world.company, store=aurora_store, currency=currency)):
        known = differences_of(asked(aurora_store, context))
        for question in questions(dice):
            criteria = asked(aurora_store, context, **question)
            assert found_and_counted(criteria, known) == found_and_counted(criteria), question
            for one in (criteria, replace(criteria, offset=2, limit=3)):
                found = found_and_counted(one).product_ids
                assert page_of(one, known, is_capped=False) == found, question
                assert page_of(one, known, is_capped=True) == found, question


@pytest.mark.parametrize("most_counted", [5, 100])
@pytest.mark.parametrize("words", ["", "goods"])
def test_more_than_is_counted_is_found_by_own_prices(aurora_store, words, most_counted):
    untaxed(aurora_store)
    made = [a_product(f"Goods {n:02}", aurora_store, price=f"{40 - n}") for n in range(20)]
    set_prices(a_list("sale"), made[0], "1:7")
    set_prices(a_list("dear"), made[19], "1:300")
    criteria = asked(
        aurora_store, from_store(aurora_store), words=words, most_counted=most_counted, price_buckets=(6, 11)
    )

    found = found_and_counted(criteria, differences_of(criteria))

    assert found.product_ids == [made[19].pk, made[0].pk]
    assert found.total == 2
    counted = {count.value: (count.number, count.is_least) for count in found.prices}
    if most_counted == 100:
        assert counted == {6: (1, False), 8: (18, False), 11: (1, False)}
    else:
        assert sum(number for number, _ in counted.values()) == 6
        assert all(is_least for _, is_least in counted.values())


def test_who_pays_as_everybody_has_no_differences(aurora_store):
    untaxed(aurora_store)
    cup, _ = a_product("Cup", aurora_store, price="10"), a_product("Bowl", aurora_store, price="8")
    company = a_company()
    set_prices(a_list("agreed", company=company), cup, "1:10", "5:3")

    known = differences_of(asked(aurora_store, from_company(company, store=aurora_store)))

    assert list(known.product_ids) == []
    assert known.moved(RANGES) == ([], [])


# The stranger


def test_another_companys_or_merchants_prices_are_no_differences(aurora_store, lumen):
    cup = a_product("Cup", aurora_store, price="10")
    set_prices(a_list("rivals", company=a_company("R-1")), cup, "1:1")
    with merchant_scope(lumen.pk):
        set_prices(a_list("theirs"), a_product("Lamp", Store.objects.get()), "1:1")

    known = differences_of(asked(aurora_store, from_company(a_company("C-2"), store=aurora_store)))

    assert list(known.product_ids) == []
    assert Product.objects.count() == 1

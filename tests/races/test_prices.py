"""People who publish into one price list at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.db import IntegrityError, connection

from shop.catalogue.models import Product
from shop.pricing import actions, locks
from shop.pricing.changes import SetTier, Target
from shop.pricing.errors import ChangedMeanwhile
from shop.pricing.models import PriceList, PriceTier, Revision
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.goods import a_product
from tests.pricing.trade import a_list

pytestmark = pytest.mark.data

PEOPLE = 4


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        merchant_id = cast_merchant("aurora").pk
        with merchant_scope(merchant_id):
            a_product("Cup")
            a_list("trade")
        yield merchant_id


def at_once(merchant_id: int, work: Callable[[int], object]) -> list[str]:
    """What becomes of work that several people begin together, each in a transaction of their own."""
    start = Barrier(PEOPLE)

    def person(number: int) -> str:
        try:
            start.wait()
            with merchant_scope(merchant_id):
                work(number)
        except IntegrityError:
            return "clash"
        except ChangedMeanwhile:
            return "told"
        finally:
            connection.close()
        return "published"

    with ThreadPoolExecutor(PEOPLE) as threads:
        return sorted(future.result() for future in [threads.submit(person, n) for n in range(PEOPLE)])


def publish(number: int) -> None:
    change = SetTier(Target(product_id=Product.objects.get().pk), Decimal(number + 1))
    actions.publish_changes(PriceList.objects.get(), [change], by=None)


def test_of_those_who_looked_at_the_same_prices_one_publishes_and_the_others_are_told(merchant_id):
    def publish_what_was_seen(number: int) -> None:
        change = SetTier(Target(product_id=Product.objects.get().pk), Decimal(number + 1))
        actions.publish_changes(PriceList.objects.get(), [change], by=None, seen=0)

    assert at_once(merchant_id, publish_what_was_seen) == ["published", "told", "told", "told"]
    with merchant_scope(merchant_id):
        assert (Revision.objects.count(), PriceTier.objects.count()) == (1, 1)


def test_all_are_published_one_after_another_and_the_last_counts(merchant_id):
    assert at_once(merchant_id, publish) == ["published"] * PEOPLE

    with merchant_scope(merchant_id):
        assert sorted(Revision.objects.values_list("number", flat=True)) == [1, 2, 3, 4]
        assert (PriceTier.objects.count(), PriceTier.objects.current().get().version) == (PEOPLE, PEOPLE)


def test_without_the_lock_they_clash(merchant_id, monkeypatch):
    have_looked = Barrier(PEOPLE)

    def look_together(*args: object, judge: Callable = actions.problems_of, **kwargs: object) -> object:
        have_looked.wait()
        return judge(*args, **kwargs)

    monkeypatch.setattr(locks, "price_lists", lambda: PriceList.objects.order_by("pk"))
    monkeypatch.setattr(actions, "problems_of", look_together)

    assert at_once(merchant_id, publish) == ["clash"] * (PEOPLE - 1) + ["published"]
    with merchant_scope(merchant_id):
        assert PriceTier.objects.count() == 1

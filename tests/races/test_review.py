"""Two clicks on saving a rule that nobody has set yet, at the same moment: it is set once, and neither click fails."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction

from shop.audit.models import AuditEntry
from shop.review.actions import set_rule
from shop.review.models import StoreRule
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.services import LONGEST_S

pytestmark = pytest.mark.data

CLICKS = 4


@pytest.fixture
def merchant_id(own_database, django_db_blocker) -> Iterator[int]:
    with django_db_blocker.unblock():
        yield cast_merchant("aurora").pk


def at_once(merchant_id: int, save) -> list[str]:
    ready = Barrier(CLICKS)

    def click(most: int) -> str:
        try:
            with merchant_scope(merchant_id):
                store = Store.objects.get()
                known = StoreRule.objects.filter(store=store, code="amount").first()
                ready.wait(LONGEST_S)
                save(store, known, most)
            return "saved"
        except IntegrityError:
            return "failed"
        finally:
            connection.close()

    with ThreadPoolExecutor(CLICKS) as pool:
        return sorted(pool.map(click, range(CLICKS)))


def test_a_rule_is_set_once_whoever_clicks_at_the_same_moment(merchant_id):
    def save(store, known, most):
        set_rule(store, "amount", is_on=True, options={"most": str(most)}, by=None)

    assert at_once(merchant_id, save) == ["saved"] * CLICKS

    with merchant_scope(merchant_id):
        assert StoreRule.objects.filter(code="amount").count() == 1
        assert AuditEntry.objects.filter(action="review.rule_changed").count() == CLICKS


def test_looking_first_and_then_writing_fails_for_all_but_one(merchant_id):
    """The control."""

    def save(store, known, most):
        with transaction.atomic():
            row = known or StoreRule(store=store, code="amount")
            row.options = {"most": str(most)}
            row.save()

    assert at_once(merchant_id, save) == ["failed"] * (CLICKS - 1) + ["saved"]

"""What processes remember of what a merchant says of searches. A change is seen by the very next search."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.catalogue.models import Category
from shop.merchandising.actions import keep_led, keep_synonyms
from shop.merchandising.models import LedSearch, SynonymGroup
from shop.merchandising.queries import Said, said_of
from shop.stores.models import Store
from shop.stores.scope import merchant_scope

pytestmark = pytest.mark.data


def test_where_a_merchant_says_nothing_no_search_asks_until_they_do(committed, memory):
    with merchant_scope(committed):
        store = Store.objects.get()
        said_of("anything", store_id=store.pk)
        with CaptureQueriesContext(connection) as questions:
            assert said_of("sofa", store_id=store.pk) == Said()
        assert len(questions) == 0

    with merchant_scope(committed):
        keep_synonyms(SynonymGroup(store=store, terms=["sofa"], meanings=["settee"]), by=None)
        assert said_of("sofa", store_id=store.pk) == Said(synonyms=("settee",))  # within the transaction, too

    with merchant_scope(committed):
        assert said_of("sofa", store_id=store.pk) == Said(synonyms=("settee",))
        keep_led(LedSearch(store=store, query="sofa", leads_to="/catalogue/"), [], by=None)

    with merchant_scope(committed):
        assert said_of("sofa", store_id=store.pk) == Said(synonyms=("settee",), leads_to="/catalogue/")


def test_a_category_is_renamed_and_hidden_for_the_very_next_page(committed, memory):
    with merchant_scope(committed):
        root = Category.add_root(name="Tea", slug="tea")
        cups = root.add_child(name="Cups", slug="cups")

    with merchant_scope(committed):
        assert [each.name for each in Category.objects.way_to(cups.pk)] == ["Tea", "Cups"]
        with CaptureQueriesContext(connection) as questions:
            Category.objects.way_to(cups.pk)
        assert len(questions) == 0

    with merchant_scope(committed):
        Category.objects.filter(pk=root.pk).update(name="Coffee")

    with merchant_scope(committed):
        assert [each.name for each in Category.objects.way_to(cups.pk)] == ["Coffee", "Cups"]
        Category.objects.filter(pk=cups.pk).update(is_public=False)
        assert Category.objects.way_to(cups.pk) == []

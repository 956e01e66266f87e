"""How the database finds what a store lists: unless it knows that a condition leaks nothing, it reads every listing."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection

from shop.catalogue.models import Product
from shop.listings.actions import list_products
from shop.prover.scratch import owner_session
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant

pytestmark = pytest.mark.data


@pytest.fixture
def store(own_database, django_db_blocker) -> Iterator[Store]:
    """One that lists three hundred products, of which the planner knows."""
    with django_db_blocker.unblock():
        with merchant_scope(cast_merchant("aurora").pk):
            store = Store.objects.get()
            rows = (Product(structure="standalone", title="Jug", slug="jug") for _ in range(300))
            list_products(store, Product.objects.bulk_create(rows))
        with owner_session(own_database) as owner:
            owner.execute("ANALYZE")
        with merchant_scope(store.merchant_id):
            yield store


def test_one_product_of_a_store_is_found_by_the_index_of_its_listings(store):
    product = Product.objects.first()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")

    plan = Product.objects.visible().for_store(store).filter(pk=product.pk).explain()

    assert re.search(r"Index Cond: .*\bproduct_id = CASE", plan), plan

"""Plans of statements are kept, where one plan serves all."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Case, Count, Value, When

from shop.catalogue.models import Product
from shop.stores.models import Store
from shop.stores.postgresql.cursor import PLANNED_FROM

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def plans(of: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s", [f"%{of}%"])
        return cursor.fetchone()[0]


def test_what_is_asked_again_is_planned_once(aurora_store):
    for tax_rate in range(PLANNED_FROM + 3):
        assert not Store.objects.filter(tax_rate=Decimal(tax_rate), name="asked again").exists()

    assert plans('"stores_store"."tax_rate" =') == 1


def test_parameters_that_stand_in_two_places_of_a_grouping_are_one(aurora_store):
    kind = Case(When(title="", then=Value("none")), default=Value("some"))

    for _ in range(PLANNED_FROM + 3):
        assert list(Product.objects.values_list(kind).annotate(n=Count("pk"))) == []


def test_parameters_that_a_distinct_list_is_ordered_by_are_one(aurora_store):
    kind = Case(When(title="", then=Value("none")), default=Value("some"))

    for _ in range(PLANNED_FROM + 3):
        assert list(Product.objects.order_by(kind).distinct()) == []


def test_a_script_of_several_statements_may_have_parameters(aurora_store):
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE kept ON COMMIT DROP AS SELECT 1 AS n; SELECT n + %s FROM kept", [2])
        cursor.nextset()

        assert cursor.fetchone() == (3,)

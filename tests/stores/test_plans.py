"""Plans of statements are kept, where one plan serves all."""

from decimal import Decimal

import pytest
from django.db import connection
from django.db.models import Case, Count, Value, When

from shop.basket.models import Basket
from shop.catalogue.families import load_for_basket
from shop.catalogue.models import Product
from shop.partner.strategy import StoreStrategy
from shop.pricing.context import from_store
from shop.stores.models import Store
from shop.stores.postgresql.cursor import ONE_PLAN, PLANNED_FROM
from tests.goods import a_product

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


def test_what_is_written_by_hand_is_planned_once_where_it_says_so(aurora_store):
    with connection.cursor() as cursor:
        for number in range(PLANNED_FROM + 3):
            cursor.execute(f"{ONE_PLAN} WITH said AS (SELECT %s::int AS n) SELECT DISTINCT n FROM said", [number])
            assert cursor.fetchone() == (number,)

    assert plans("WITH said AS") == 1


def test_few_keys_are_no_reason_for_a_plan_of_their_own(aurora_store):
    lamp = a_product("Lamp", aurora_store)

    for _ in range(PLANNED_FROM + 10):
        load_for_basket([Product.objects.get(pk=lamp.pk)])

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT generic_plans > 0 FROM pg_prepared_statements WHERE statement LIKE '%stockrecord%unnest%'"
        )
        assert cursor.fetchall() == [(True,)]


def test_the_lines_of_a_basket_and_their_prices_are_planned_once(aurora_store):
    product = a_product("Lamp", aurora_store)
    basket = Basket.objects.create(store=aurora_store)
    basket.strategy = StoreStrategy(context=from_store(aurora_store))
    basket.add_product(product)

    for _ in range(PLANNED_FROM + 3):
        basket.forget_lines()
        basket.strategy = StoreStrategy(context=from_store(aurora_store))
        assert [line.purchase_info.price.exists for line in basket.all_lines()] == [True]

    assert plans('FROM "basket_line"') == 1
    assert plans("FROM pricing_pricetier") == 1


def test_the_first_of_each_is_planned_once(aurora_store):
    for number in range(PLANNED_FROM + 3):
        found = Product.objects.filter(title=f"No. {number}").order_by("product_class_id").distinct("product_class_id")
        assert list(found.only("pk")) == []

    assert plans('SELECT DISTINCT ON ("catalogue_product"."product_class_id")') == 1

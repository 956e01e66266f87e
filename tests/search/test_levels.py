"""Categories are counted of one level of the tree: statements are told them where they are few, else look for them."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.catalogue.models import Category, Product
from shop.search.criteria import Criteria, Found
from shop.search.postgresql.levels import FEW, MANY, level_of
from shop.search.postgresql.queries import found_and_counted
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.cast import cast_merchant
from tests.goods import a_product

pytestmark = [pytest.mark.data, pytest.mark.usefixtures("listener")]

NAMES = ("Home", "Garden", "Nothing")


@pytest.fixture(scope="module")
def roots(committed) -> list[Category]:
    """Three cups are for the home, a bowl in one of its rooms, and a cup for the garden, too."""
    with merchant_scope(committed):
        store = Store.objects.get()
        home, garden, nothing = (Category.add_root(name=name) for name in NAMES)
        cups = [a_product(f"Cup {n}", store) for n in range(3)]
        home.product_set.set(cups)
        garden.product_set.set(cups[:1])
        home.add_child(name="Kitchen").product_set.set([a_product("Bowl", store)])
    return [home, garden, nothing]


@pytest.fixture
def crowd(committed, roots) -> Iterator[None]:
    """So many roots more that they are no longer told."""
    with merchant_scope(committed):
        for n in range(FEW):
            Category.add_root(name=f"Other {n}")
    yield
    with merchant_scope(committed):
        Category.objects.filter(name__startswith="Other").delete()


def asked(merchant: int, **wishes: object) -> Found:
    """In a request of its own."""
    with merchant_scope(merchant):
        return found_and_counted(Criteria(Store.objects.get().pk, "en", **wishes))


def counted(found: Found) -> list[tuple[str, str, int]]:
    return [(count.name, count.slug, count.number) for count in found.categories]


WISHES = [{}, {"words": "cup or bowl"}, {"only_in_stock": True}, {"words": "cup or bowl", "only_in_stock": True}]


@pytest.mark.parametrize("wishes", WISHES)
def test_few_are_told_and_counted_in_the_order_of_the_tree(committed, roots, wishes):
    with merchant_scope(committed):
        assert level_of(1).are_few

    with CaptureQueriesContext(connection) as queries:
        found = asked(committed, **wishes)

    assert counted(found) == [("Home", "home", 4), ("Garden", "garden", 1)]
    assert not any("catalogue_category" in query["sql"] for query in queries)
    assert counted(asked(committed, category_level=2, **wishes)) == [("Kitchen", "kitchen", 1)]


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("wishes", WISHES)
def test_many_are_looked_for_and_counted_the_same(committed, wishes):
    with merchant_scope(committed):
        assert level_of(1) == MANY

    assert counted(asked(committed, **wishes)) == [("Home", "home", 4), ("Garden", "garden", 1)]


def test_choosing_one_leaves_the_numbers_of_the_others(committed, roots):
    found = asked(committed, categories=(roots[1].pk,))

    assert found.total == 1
    assert counted(found) == [("Home", "home", 4), ("Garden", "garden", 1)]


def test_there_may_be_more_where_not_all_were_looked_at(committed, roots):
    found = asked(committed, most_counted=3, categories=(roots[0].pk,))

    assert [(count.name, count.is_least) for count in found.categories] == [("Home", True), ("Garden", True)]


def test_a_new_name_is_told_at_once(committed, roots):
    with merchant_scope(committed):
        Category.objects.filter(pk=roots[1].pk).update(name="Yard")

    assert [name for name, *_ in counted(asked(committed))] == ["Home", "Yard"]

    with merchant_scope(committed):
        Category.objects.filter(pk=roots[1].pk).update(name="Garden")


# The stranger


def test_another_merchants_categories_are_of_no_level(committed, roots):
    lumen = cast_merchant("lumen").pk
    with merchant_scope(lumen):
        Category.add_root(name="Theirs").product_set.set([a_product("Lamp", Store.objects.get())])

    assert counted(asked(lumen)) == [("Theirs", "theirs", 1)]
    assert [name for name, *_ in counted(asked(committed))] == ["Home", "Garden"]
    with merchant_scope(committed):
        assert set(level_of(1).ids) == set(Category.objects.filter(depth=1).values_list("pk", flat=True))
        assert Product.objects.count() == 4

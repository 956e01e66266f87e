import pytest

from shop.analytics.actions import count
from shop.catalogue.models import Product
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from tests.basket.shopping import a_shopper, put_in
from tests.goods import a_product

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def counted(django_capture_on_commit_callbacks):
    def counted(product: Product, counter: str, *, times: int = 1) -> None:
        with django_capture_on_commit_callbacks(execute=True):
            count({product.pk: times}, counter)

    return counted


def numbers(product: Product) -> tuple[int, int, int]:
    stats = Product.objects.select_related("stats").get(pk=product.pk).stats
    return stats.num_views, stats.num_basket_additions, stats.num_purchases


def test_each_counter_counts_on(in_aurora, counted):
    cup, bowl = a_product("Cup"), a_product("Bowl")

    counted(cup, "num_views")
    counted(cup, "num_views", times=2)
    counted(cup, "num_basket_additions")
    counted(cup, "num_purchases", times=5)
    counted(bowl, "num_purchases")

    assert (numbers(cup), numbers(bowl)) == ((3, 1, 5), (0, 0, 1))


def test_pages_and_baskets_are_counted(aurora_store, django_capture_on_commit_callbacks):
    cup = a_product("Cup", aurora_store)

    with django_capture_on_commit_callbacks(execute=True):
        a_shopper().post(f"/seen/{cup.pk}/")
        put_in(a_shopper(), cup, 3)

    assert numbers(cup) == (1, 1, 0)


def test_what_was_deleted_meanwhile_is_not_counted(in_aurora, counted):
    cup = a_product("Cup")
    gone = Product(pk=cup.pk)
    cup.delete()

    counted(gone, "num_views")

    assert not Product.objects.filter(stats__isnull=False).exists()


# The stranger


def test_nobody_counts_for_another_merchant(in_aurora, counted, lumen):
    with merchant_scope(lumen.pk):
        lamp = a_product("Lamp", Store.objects.get())

    counted(lamp, "num_views")

    with merchant_scope(lumen.pk):
        assert not Product.objects.filter(stats__isnull=False).exists()

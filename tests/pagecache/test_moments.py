"""What changes by itself, at a moment."""

from datetime import timedelta
from time import sleep

import pytest
from django.utils import timezone

from shop.catalogue.models import Product
from shop.inventory.models import Reservation
from shop.partner.models import StockRecord
from shop.stores.models import Store
from tests.pricing.trade import a_list, set_prices
from tests.trade import a_basket

pytestmark = pytest.mark.data


def test_a_price_list_that_starts_at_a_moment_starts_at_that_moment(shop, addresses):
    starts_at = timezone.now() + timedelta(seconds=4)
    with shop.within():
        bowl = Product.objects.get(title="Bowl")
        set_prices(a_list("midnight", starts_at=starts_at, includes_tax=True), bowl, "1:1.23")
    visitor = shop.visitor()
    early = [page for page in (visitor.page(addresses["catalogue"]) for _ in range(2)) if timezone.now() < starts_at]

    sleep(max(0, (starts_at - timezone.now()).total_seconds()) + 0.05)

    assert not [page for page in early if "1.23" in page]
    assert "1.23" in visitor.page(addresses["catalogue"])


@pytest.mark.parametrize("place", ["product", "list"])
def test_what_a_basket_is_promised_is_free_again_when_it_expires(shop, addresses, place):
    with shop.within():
        bowl = Product.objects.get(title="Bowl")
        record = StockRecord.objects.get(product=bowl)
        StockRecord.objects.filter(pk=record.pk).update(num_in_stock=3, num_allocated=0)
        basket = a_basket(Store.objects.get(), (bowl, 2))
        end = timezone.now() + timedelta(seconds=4)
        Reservation.objects.create(basket=basket, stockrecord=record, quantity=2, expires_at=end)
        path = {"product": bowl.get_absolute_url(), "list": addresses["catalogue"]}[place]
    visitor = shop.visitor()
    early = visitor.page(path)
    was_early = timezone.now() < end

    sleep(max(0, (end - timezone.now()).total_seconds()) + 0.05)

    late = visitor.page(path)
    assert not was_early or ("Only 1 left" in early)
    assert "Only 3 left" in late

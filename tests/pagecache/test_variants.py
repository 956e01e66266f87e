"""What is sold in variants stands where the cheapest of those puts it that are there, at each buyer's own prices."""

import pytest

from shop.partner.models import StockRecord
from tests.pagecache.conftest import known
from tests.pricing.trade import a_buyer_of, a_company, a_list, set_prices

pytestmark = pytest.mark.data

CHEAPEST_FIRST = "/catalogue/?sort_by=price-asc"


def test_when_the_variant_is_sold_out_that_one_buyer_gets_cheapest_the_next_list_is_in_their_order(shop):
    with shop.within():
        company = a_company()
        email = a_buyer_of(company, "vera@example.com").email
        medium = StockRecord.objects.get(product__title="M")
        set_prices(a_list("vera", company=company), medium.product, "1:1.00")
    buyer = known(shop, email)
    assert order(buyer) == ["Shirt", "Bowl"]

    for pieces, right in ((0, ["Bowl", "Shirt"]), (1, ["Shirt", "Bowl"])):
        with shop.within():
            StockRecord.objects.filter(pk=medium.pk).update(num_in_stock=pieces, num_allocated=0)
        assert order(buyer) == right


def order(buyer):
    page = buyer.page(CHEAPEST_FIRST)
    return sorted(["Bowl", "Shirt"], key=lambda title: page.index(f"{title}<"))

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.utils import timezone

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.companies.models import Company
from shop.order.models import Line, Order
from shop.stores.models import Store
from tests.goods import a_product
from tests.trade import an_order


@pytest.fixture
def store(aurora_store: Store) -> Store:
    return aurora_store


@pytest.fixture
def goods(store: Store) -> list[Product]:
    """Cup, saucer, spoon and lamp."""
    return [a_product(title, store) for title in ("Cup", "Saucer", "Spoon", "Lamp")]


def bought(
    store: Store,
    products: Sequence[Product],
    *,
    days_ago: int = 1,
    by: User | None = None,
    company: Company | None = None,
) -> Order:
    """An order of one piece of each, that nobody was told of."""
    placed = timezone.now() - timedelta(days=days_ago)
    order = an_order(store, user=by, company=company, date_placed=placed, number=f"T-{Order.objects.count() + 1}")
    Line.objects.bulk_create(
        Line(
            order=order,
            product=product,
            title=product.title,
            partner_name="",
            partner_sku="",
            quantity=1,
            num_allocated=0,
            line_price_incl_tax=1,
            line_price_excl_tax=1,
            line_price_before_discounts_incl_tax=1,
            line_price_before_discounts_excl_tax=1,
        )
        for product in products
    )
    return order

"""A store that shows prices without tax, and orders in it."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.checkout.actions import place_order
from shop.companies.models import Company
from shop.order.models import Order
from shop.partner.strategy import Selector
from shop.pricing.context import from_company, from_store
from shop.pricing.models import PriceList
from shop.rehearsal.actions import ask_rehearsal
from shop.rehearsal.models import Rehearsal
from shop.staff.actions import grant_role
from shop.stores.models import Store
from tests.goods import a_product
from tests.trade import PASSWORD, a_basket, a_purchase, open_for_trade

Rehearse = Callable[..., Rehearsal]


@pytest.fixture
def store(aurora_store: Store) -> Store:
    aurora_store.tax_rate, aurora_store.tax_display = Decimal("0.2"), "excl"
    aurora_store.save()
    return open_for_trade(aurora_store)


@pytest.fixture
def cup(store: Store) -> Product:
    return in_plenty(a_product("Cup", store, price="10"))


@pytest.fixture
def bowl(store: Store) -> Product:
    return in_plenty(a_product("Bowl", store, price="20"))


@pytest.fixture
def olive(store: Store) -> User:
    """The owner."""
    user = User.objects.create_user("olive@aurora.example", PASSWORD)
    grant_role(user, "owner", by=None)
    return user


@pytest.fixture
def rehearse(django_capture_on_commit_callbacks: Callable) -> Rehearse:
    """A rehearsal of the last 90 days, to its end."""

    def run(price_list: PriceList, **fields: object) -> Rehearsal:
        with django_capture_on_commit_callbacks(execute=True):
            asked = ask_rehearsal(price_list, **({"by": None, "days": 90} | fields))
        return Rehearsal.objects.get(pk=asked.pk)

    return run


def in_plenty(product: Product) -> Product:
    product.stockrecords.update(num_in_stock=100_000)
    return product


def ordered(store: Store, *products: tuple[Product, int], company: Company | None = None) -> Order:
    """An order at the prices of this moment."""
    basket = a_basket(store, *products)
    context = from_company(company, store=store) if company else from_store(store)
    basket.strategy = Selector().strategy(context=context)
    order = place_order(basket, a_purchase(store))
    order.company = company
    order.save(update_fields=["company"])
    return order

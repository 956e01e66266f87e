from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from oscar.apps.shipping.methods import Free

from shop.address.models import Country
from shop.shipping.actions import set_rate
from shop.shipping.models import DeliveryRate
from shop.shipping.repository import Repository
from shop.stores.actions import NewStore, open_store
from shop.stores.current import serving
from shop.stores.models import Store, TaxDisplay
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.trade import a_basket, an_address

pytestmark = pytest.mark.django_db


def rate(store, code="standard", **fields):
    return set_rate(store, code, **({"name": code.title(), "charge": Decimal("4.95")} | fields))


def methods(basket, store, country="GB"):
    with serving(store):
        return Repository().get_shipping_methods(basket, shipping_addr=country and an_address(country))


def test_a_store_delivers_at_its_own_rates(aurora_store):
    other = open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example"))
    rate(aurora_store, "express", position=2)
    rate(aurora_store)
    rate(other, "courier")
    basket = a_basket(aurora_store, (a_product("Cup", aurora_store), 1))

    assert [method.code for method in methods(basket, aurora_store)] == ["standard", "express"]
    assert [method.code for method in methods(basket, other)] == ["courier"]


def test_a_rate_may_be_for_some_countries_only(aurora_store):
    rate(aurora_store, "island").countries.set(Country.objects.filter(pk__in=["IE", "GB"]))
    rate(aurora_store, "abroad").countries.set(Country.objects.filter(pk="DE"))
    basket = a_basket(aurora_store, (a_product("Cup", aurora_store), 1))

    assert [method.code for method in methods(basket, aurora_store, "IE")] == ["island"]
    assert [method.code for method in methods(basket, aurora_store, "DE")] == ["abroad"]
    assert [method.code for method in methods(basket, aurora_store, None)] == ["island", "abroad"]


@pytest.mark.parametrize(
    ("display", "net", "gross"), [(TaxDisplay.INCLUSIVE, "4.13", "4.95"), (TaxDisplay.EXCLUSIVE, "4.95", "5.94")]
)
def test_a_charge_is_meant_as_the_store_shows_its_prices(aurora_store, display, net, gross):
    Store.objects.update(tax_display=display, tax_rate=Decimal("0.2"))
    aurora_store.refresh_from_db()
    rate(aurora_store)
    basket = a_basket(aurora_store, (a_product("Cup", aurora_store), 1))

    with serving(aurora_store):
        charge = methods(basket, aurora_store)[0].calculate(basket)

    assert (charge.excl_tax, charge.incl_tax) == (Decimal(net), Decimal(gross))


@pytest.mark.parametrize(("pieces", "charged"), [(4, "4.95"), (5, "0"), (6, "0")])
def test_delivery_is_free_from_the_threshold_on(aurora_store, pieces, charged):
    rate(aurora_store, free_from=Decimal(50))
    basket = a_basket(aurora_store, (a_product("Cup", aurora_store), pieces))

    with serving(aurora_store):
        assert methods(basket, aurora_store)[0].calculate(basket).incl_tax == Decimal(charged)


def test_a_store_without_rates_delivers_nowhere_and_shows_its_basket_all_the_same(aurora_store):
    basket = a_basket(aurora_store, (a_product("Cup", aurora_store), 1))

    assert methods(basket, aurora_store) == []
    with serving(aurora_store):
        assert Repository().get_default_shipping_method(basket).calculate(basket).incl_tax == 0


def test_setting_a_rate_again_changes_it(aurora_store):
    rate(aurora_store)
    rate(aurora_store, charge=Decimal(3))

    assert DeliveryRate.objects.get().charge == 3


def test_a_charge_is_never_negative(aurora_store):
    with pytest.raises(IntegrityError), transaction.atomic():
        rate(aurora_store, charge=Decimal(-1))


def test_another_merchants_rates_do_not_exist(aurora_store, lumen):
    rate(aurora_store)

    with merchant_scope(lumen.pk):
        assert list(DeliveryRate.objects.filter(store=aurora_store)) == []


def test_a_subclass_names_methods_as_oscars_do(aurora_store):
    class WithPickup(Repository):
        methods = (Free(),)

    rate(aurora_store)
    basket = a_basket(aurora_store, (a_product("Cup", aurora_store), 1))

    with serving(aurora_store):
        assert [method.code for method in WithPickup().get_shipping_methods(basket)] == ["free-shipping", "standard"]

"""A merchant with two stores, orders in both, a supplier, and somebody of each role."""

from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope

Partner, StockRecord = get_model("partner", "Partner"), get_model("partner", "StockRecord")
Product, ProductClass = get_model("catalogue", "Product"), get_model("catalogue", "ProductClass")
Country, ShippingAddress = get_model("address", "Country"), get_model("order", "ShippingAddress")


def product(title: str, partner: Partner) -> Product:
    kind, _ = ProductClass.objects.get_or_create(name="Thing")
    made = Product.objects.create(title=title, upc=title, product_class=kind)
    StockRecord.objects.create(
        product=made, partner=partner, partner_sku=title, price=Decimal(10), price_currency="GBP", num_in_stock=5
    )
    return made


def order(number: str, store: Store, buyer: User | None, *products: Product) -> Order:
    address = ShippingAddress.objects.create(
        first_name="Bea",
        last_name="Buyer",
        line1="1 High Street",
        line4="Leeds",
        postcode="LS1 1AA",
        country=Country.objects.get(pk="GB"),
    )
    made = Order.objects.create(
        number=number,
        store=store,
        user=buyer,
        guest_email="" if buyer else "guest@people.example",
        currency="GBP",
        total_incl_tax=Decimal(24),
        total_excl_tax=Decimal(20),
        shipping_incl_tax=0,
        shipping_excl_tax=0,
        shipping_address=address,
        status=OrderStatus.PENDING,
        date_placed=timezone.now(),
    )
    for item in products:
        record = item.stockrecords.get()
        Line.objects.create(
            order=made,
            partner=record.partner,
            partner_name=record.partner.name,
            partner_sku=record.partner_sku,
            stockrecord=record,
            product=item,
            title=item.title,
            upc=item.upc,
            quantity=1,
            num_allocated=0,
            line_price_incl_tax=12,
            line_price_excl_tax=10,
            line_price_before_discounts_incl_tax=12,
            line_price_before_discounts_excl_tax=10,
            unit_price_incl_tax=12,
            unit_price_excl_tax=10,
        )
    return made


@pytest.fixture
def world(aurora: Merchant) -> SimpleNamespace:
    """Everything that the pages of the dashboard are about."""
    with merchant_scope(aurora.pk):
        here = Store.objects.get()
        there = open_store(NewStore(name="Clinics", slug="clinics", host="clinics.example"))
        own, soaps = Partner.objects.create(name="Aurora"), Partner.objects.create(name="Soap Works")
        oil, soap = product("Oil", own), product("Soap", soaps)
        bea = User.objects.create_user("bea@people.example", "a long password", first_name="Bea")
        ida = User.objects.create_user("ida@people.example", "a long password")
        return SimpleNamespace(
            here=here,
            there=there,
            own=own,
            soaps=soaps,
            oil=oil,
            soap=soap,
            bea=bea,
            ida=ida,
            order_here=order("A-1", here, bea, oil, soap),
            order_there=order("C-1", there, ida, oil),
        )


@pytest.fixture
def browser_of(world: SimpleNamespace, aurora: Merchant) -> Callable[..., Client]:
    """A browser of somebody with this role, perhaps in some stores only; of a shopper for None."""

    def make(role: str | None, *, stores: tuple[Store, ...] = ()) -> Client:
        client = Client(headers={"host": "aurora.example"})
        with merchant_scope(aurora.pk):
            user = User.objects.create_user(f"{role}-{len(stores)}@aurora.example", "a long password")
            if role is not None:
                partner = world.soaps if role == Role.SUPPLIER else None
                grant_role(user, role, by=None, stores=stores, partner=partner)
            client.force_login(user)
        return client

    return make

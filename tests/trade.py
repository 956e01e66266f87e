"""What a store needs before somebody can buy in it, and somebody who buys."""

from decimal import Decimal

from oscar.core.loading import get_class, get_model

from shop.accounts.models import User
from shop.address.models import Country
from shop.catalogue.models import Product
from shop.checkout.proposals import Purchase
from shop.order.models import Order, ShippingAddress
from shop.payments.actions import offer_method
from shop.shipping.actions import set_rate
from shop.stores.current import serving
from shop.stores.models import Store

Basket, Selector = get_model("basket", "Basket"), get_class("partner.strategy", "Selector")

PASSWORD = "correct horse battery"
ACCOUNT = {"holder": "Aurora Ltd", "iban": "GB29 NWBK 6016 1331 9268 19", "bic": "NWBKGB2L", "bank": "NatWest"}


def open_for_trade(store: Store, *, countries: tuple[str, ...] = ("GB", "IE")) -> Store:
    """Delivers to Britain and Ireland for 5, free from 50; takes transfers, and invoices where they are granted."""
    store.shipping_countries.set(Country.objects.filter(pk__in=countries))
    set_rate(store, "standard", name="Standard", charge=Decimal("5.00"), free_from=Decimal("50.00"))
    offer_method(store, "bank_transfer", details=ACCOUNT)
    offer_method(store, "invoice", details={}, position=1)
    return store


def a_basket(store: Store, *products: tuple[Product, int], owner: User | None = None) -> Basket:
    """An open basket of these products and quantities."""
    with serving(store):
        basket = Basket.objects.create(owner=owner)
        basket.strategy = Selector().strategy(user=owner)
        for product, quantity in products:
            basket.add_product(product, quantity)
    return basket


def an_address(country: str = "GB", **fields: str) -> ShippingAddress:
    postcode = {"GB": "N1 9GU", "DE": "10115"}.get(country, "")
    values = {"first_name": "Ada", "last_name": "Byron", "line1": "1 Canal Street", "line4": "London"} | fields
    return ShippingAddress(country_id=country, postcode=postcode, **values)


def a_purchase(store: Store, **fields: object) -> Purchase:
    """A guest's, by transfer, with standard delivery."""
    guest = {} if "buyer" in fields else {"guest_email": "ada@example.com"}
    defaults = {"shipping_address": an_address(), "delivery": "standard", "payment": "bank_transfer"}
    return Purchase(store=store, **(defaults | guest | fields))


def a_buyer(email: str = "grace@example.com", **fields: object) -> User:
    return User.objects.create_user(email=email, password=PASSWORD, **fields)


def an_order(store: Store, *, total: Decimal = Decimal(10), **fields: object) -> Order:
    """An order without lines, as it stands after some way; `fields` are its own."""
    values = {"currency": store.currency, "shipping_excl_tax": 0, "shipping_incl_tax": 0} | fields
    return Order.objects.create(store=store, total_excl_tax=total, total_incl_tax=total, **values)

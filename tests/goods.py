"""Goods for tests, made in the scope that is open and listed in the stores that are named."""

from decimal import Decimal
from itertools import count

from shop.catalogue.models import Product, ProductAttribute, ProductAttributeValue, ProductClass
from shop.listings.actions import list_products
from shop.partner.models import Partner, StockRecord
from shop.stores.models import Store

numbers = count(1)


def product_class(name: str = "Goods", *, tracks_stock: bool = True) -> ProductClass:
    return ProductClass.objects.get_or_create(name=name, defaults={"track_stock": tracks_stock})[0]


def a_product(title: str = "Cup", *stores: Store, price: str | None = "10", **fields: object) -> Product:
    """A product of its own with ten pieces in stock; `price=None` makes one without a stock record."""
    sku = f"SKU-{next(numbers)}"
    fields = {"product_class": product_class(), "upc": sku} | fields
    product = Product.objects.create(structure=Product.STANDALONE, title=title, **fields)
    _finish(product, stores, price)
    return product


def a_parent(title: str = "Shirt", *stores: Store, variants: dict[str, str | None], **fields: object) -> Product:
    """A product in variants: the title of each and its price."""
    fields = {"product_class": product_class()} | fields
    parent = Product.objects.create(structure=Product.PARENT, title=title, **fields)
    for name, price in variants.items():
        child = Product.objects.create(structure=Product.CHILD, parent=parent, title=name, upc=f"SKU-{next(numbers)}")
        _finish(child, (), price)
    _finish(parent, stores, None)
    return parent


def stock(product: Product, price: str | None, *, currency: str = "GBP", pieces: int = 10) -> StockRecord:
    partner, _ = Partner.objects.get_or_create(name="Warehouse", code="warehouse")
    return StockRecord.objects.create(
        partner=partner,
        product=product,
        partner_sku=f"{product.upc}-{next(numbers)}",
        price_currency=currency,
        price=price and Decimal(price),
        num_in_stock=pieces,
    )


def attribute(product: Product, code: str, value: str) -> None:
    """Give a product a value of a text attribute of its class."""
    kind, _ = ProductAttribute.objects.get_or_create(
        product_class=product.get_product_class(), code=code, defaults={"name": code.title(), "type": "text"}
    )
    ProductAttributeValue.objects.create(product=product, attribute=kind, value_text=value)


def _finish(product: Product, stores: tuple[Store, ...], price: str | None) -> None:
    if price is not None:
        stock(product, price)
    for store in stores:
        list_products(store, [product])

"""Orders that want stock, and what is said of it."""

from itertools import count

from django.utils import timezone

from shop.catalogue.models import Product
from shop.inventory.differences import differences
from shop.inventory.models import Allocation, Location, StockLevel, StockMovement
from shop.order.models import Line, Order, ShippingAddress
from shop.partner.models import StockRecord
from shop.stores.models import Store

numbers = count(1)


def lines_of(store: Store, *goods: tuple[Product, int], address: ShippingAddress | None = None) -> dict[Line, int]:
    """The lines of a new order, of which nothing is allocated yet, with how many pieces each wants."""
    if address:
        address.save()
    order = Order.objects.create(
        number=f"T-{next(numbers)}",
        store=store,
        currency="GBP",
        total_incl_tax=10,
        total_excl_tax=10,
        shipping_address=address,
        date_placed=timezone.now(),
    )
    return {_line(order, product, pieces): pieces for product, pieces in goods}


def _line(order: Order, product: Product, pieces: int) -> Line:
    record = product.stockrecords.get()
    prices = dict.fromkeys(
        (f"line_price{when}_{tax}_tax" for when in ("", "_before_discounts") for tax in ("incl", "excl")), 10
    )
    return Line.objects.create(
        order=order,
        product=product,
        stockrecord=record,
        partner_sku=record.partner_sku,
        title=product.title,
        quantity=pieces,
        num_allocated=pieces,
        **prices,
    )


def a_location(code: str, *, priority: int = 1, **fields: object) -> Location:
    return Location.objects.create(name=code.title(), code=code, priority=priority, **fields)


def stock_of(product: Product) -> tuple[int, int]:
    """How many there are, and how many of them are allocated, as Oscar says it."""
    record = StockRecord.objects.get(product=product)
    return record.num_in_stock or 0, record.num_allocated or 0


def levels_of(product: Product) -> dict[str, tuple[int, int]]:
    """The same by location."""
    levels = StockLevel.objects.filter(stockrecord__product=product)
    return {level.location.code: (level.on_hand, level.allocated) for level in levels.select_related("location")}


def movements_of(product: Product) -> list[tuple[str, str, int]]:
    """The ledger, from its beginning: the cause, the location, the pieces."""
    movements = StockMovement.objects.filter(stockrecord__product=product).order_by("pk")
    return list(movements.values_list("cause", "location__code", "quantity"))


def held_by(line: Line) -> dict[str | None, int]:
    """What a line holds by location; None for what it waits for."""
    return dict(Allocation.objects.filter(line=line).values_list("location__code", "quantity"))


def adds_up() -> bool:
    found = [str(difference) for difference in differences()]
    assert not found, found
    return True

"""The card of a product: what a list shows of it to one buyer, as plain values that a template has only to write."""

from dataclasses import dataclass
from typing import Any, Protocol

from oscar.apps.partner.strategy import PurchaseInfo

from shop.pictures.showing import Showing
from shop.pricing.formats import money
from shop.pricing.quantities import ANY_QUANTITY, QuantityTerms

FEW = 5


class OnCard(Protocol):
    """What is written of a product itself: a ware says it, and so does a `Product`."""

    pk: int
    rating: float | None
    is_parent: bool
    has_options: bool

    def get_title(self) -> str: ...

    def get_absolute_url(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Card:
    pk: int
    title: str
    url: str
    picture: Showing | None
    rating: float | None
    is_parent: bool
    """Whether it is sold in variants; the price is then the lowest among them."""
    has_choices: bool
    """Whether a buyer must choose something before it can go into a basket."""
    price: str
    """Of one piece, as this buyer is shown it; empty where they are told none."""
    is_buyable: bool
    left: int | None
    """How many pieces can be bought; None where nothing limits them."""
    ahead: str
    """What a buyer should know of what has to come first; empty where pieces are there, or none can be bought."""
    quantities: QuantityTerms
    info: PurchaseInfo
    """All that is known of price and stock."""
    product: Any
    """The product itself. One of a list is loaded, with all others of the list, when a template looks at it."""

    @property
    def is_few(self) -> bool:
        """Whether so few pieces are left that a buyer should know."""
        return self.is_buyable and self.left is not None and self.left <= FEW

    @property
    def sku(self) -> str:
        record = self.info.stockrecord
        return record.partner_sku if record else ""


def card_of(ware: OnCard, info: PurchaseInfo, picture: Showing | None, *, product: Any) -> Card:
    """Of a ware or product, with what it costs this buyer; `product` is what `Card.product` gives."""
    price, availability = info.price, info.availability
    is_buyable = availability.is_available_to_buy
    return Card(
        pk=ware.pk,
        title=ware.get_title(),
        url=ware.get_absolute_url(),
        picture=picture,
        rating=ware.rating,
        is_parent=ware.is_parent,
        has_choices=ware.is_parent or ware.has_options,
        price=money(price.effective_price, price.currency) if price.exists else "",
        is_buyable=is_buyable,
        left=getattr(availability, "num_available", None),
        ahead=availability.short_message if is_buyable and getattr(availability, "is_ahead", False) else "",
        quantities=quantities_of(info),
        info=info,
        product=product,
    )


def quantities_of(info: PurchaseInfo) -> QuantityTerms:
    """In which quantities it is sold."""
    return getattr(info.availability, "quantities", ANY_QUANTITY)

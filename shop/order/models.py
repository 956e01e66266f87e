"""Oscar's orders, each of one store, with states that know what follows them."""

from datetime import date
from decimal import Decimal

from django.core.signing import Signer
from django.db import models
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.abstract_models import AbstractBillingAddress, AbstractShippingAddress
from oscar.apps.order.abstract_models import AbstractLine, AbstractLinePrice, AbstractOrder, AbstractOrderDiscount

from shop.address.display import ShownAddress
from shop.pricing.explanations import Reason, explain
from shop.pricing.receipts import Receipt
from shop.stores.current import current_store_id

from .querysets import OrderQuerySet
from .statuses import PIPELINE, OrderStatus


class Order(AbstractOrder):
    """What somebody bought in a store, for themselves or for a company (and a unit of it)."""

    store = models.ForeignKey("stores.Store", on_delete=models.PROTECT, related_name="orders", default=current_store_id)
    company = models.ForeignKey(
        "companies.Company", on_delete=models.PROTECT, null=True, related_name="orders", editable=False
    )
    unit = models.ForeignKey(
        "companies.Unit", on_delete=models.PROTECT, null=True, related_name="orders", editable=False
    )
    cancelled_incl_tax = models.DecimalField(
        _("cancelled, with tax"), max_digits=12, decimal_places=2, default=Decimal(0), editable=False
    )
    """What was cancelled of it, in the order's currency; the total stays what was ordered."""
    status = models.CharField(_("Status"), max_length=100, blank=True, choices=OrderStatus.choices)

    objects = OrderQuerySet.as_manager()
    pipeline = PIPELINE

    class Meta(AbstractOrder.Meta):
        abstract = False

    @property
    def amount_due(self) -> Decimal:
        """What is to be paid for it altogether, with tax, whatever of that is paid by now."""
        return self.total_incl_tax - self.cancelled_incl_tax

    @property
    def basket_total_before_discounts_incl_tax(self) -> Decimal:
        """Of the lines that were loaded with the order, where they were; so are those below."""
        return sum((line.line_price_before_discounts_incl_tax for line in self.lines.all()), Decimal(0))

    @property
    def basket_total_before_discounts_excl_tax(self) -> Decimal:
        return sum((line.line_price_before_discounts_excl_tax for line in self.lines.all()), Decimal(0))

    @property
    def basket_discounts(self) -> list[AbstractOrderDiscount]:
        return [discount for discount in self.discounts.all() if discount.is_basket_discount]

    @property
    def shipping_discounts(self) -> list[AbstractOrderDiscount]:
        return [discount for discount in self.discounts.all() if discount.is_shipping_discount]

    def verification_hash(self) -> str:
        """The part of a guest's link that nobody can guess. It doesn't expire: the order is the guest's for as long as
        there may be something to return or to claim, there is no other door to it, and the page asks for the e-mail
        address too."""
        return Signer(salt=f"order.{self.store_id}").signature(self.number)

    def check_verification_hash(self, hash_to_check: str) -> bool:
        return constant_time_compare(hash_to_check, self.verification_hash())


class Line(AbstractLine):
    """A unit price may have four decimals, as price lists do; what the line costs is rounded once (docs/adr/0005)."""

    unit_price_incl_tax = models.DecimalField(
        _("Unit Price (inc. tax)"), decimal_places=4, max_digits=14, blank=True, null=True
    )
    unit_price_excl_tax = models.DecimalField(
        _("Unit Price (excl. tax)"), decimal_places=4, max_digits=14, blank=True, null=True
    )
    receipt = models.JSONField(_("receipt"), null=True, editable=False)
    """Why it costs what it costs (`shop.pricing.receipts`); null in orders older than receipts."""
    source = models.ForeignKey(
        "attribution.Source", on_delete=models.PROTECT, null=True, related_name="order_lines", editable=False
    )
    """What had brought the buyer when they put it into the basket."""
    unit_cost = models.DecimalField(_("unit cost"), max_digits=14, decimal_places=4, null=True, editable=False)
    """What one piece cost the merchant when it was ordered; null where nobody knew. Only for `costs.view_unitcost`."""
    cost_currency = models.CharField(_("currency of the cost"), max_length=3, blank=True, editable=False)
    num_shipped = models.PositiveIntegerField(_("sent"), default=0, editable=False)
    num_cancelled = models.PositiveIntegerField(_("cancelled"), default=0, editable=False)
    """How many pieces were sent and cancelled, as `shop.fulfilment` keeps it."""

    class Meta(AbstractLine.Meta):
        abstract = False
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quantity__gte=models.F("num_shipped") + models.F("num_cancelled")),
                name="line_not_beyond_ordered",
            )
        ]

    @property
    def num_open(self) -> int:
        """Pieces that are neither sent nor cancelled."""
        return self.quantity - self.num_shipped - self.num_cancelled

    @property
    def num_awaited(self) -> int:
        """How many of its pieces have to come first; so is the day below: of what was loaded with it, where it was."""
        return sum(share.quantity for share in self.allocations.all() if share.location_id is None)

    @property
    def promised_on(self) -> date | None:
        """For when those were promised, if a day was named."""
        return next((share.promised_on for share in self.allocations.all() if share.location_id is None), None)

    @property
    def kept_receipt(self) -> Receipt | None:
        """The receipt as a value."""
        return Receipt.from_json(self.receipt) if self.receipt else None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """The receipt in sentences; none where there is no receipt."""
        return explain(self.kept_receipt) if self.kept_receipt else ()


class LinePrice(AbstractLinePrice):
    price_incl_tax = models.DecimalField(_("Price (inc. tax)"), decimal_places=4, max_digits=14)
    price_excl_tax = models.DecimalField(_("Price (excl. tax)"), decimal_places=4, max_digits=14)


class ShippingAddress(ShownAddress, AbstractShippingAddress):
    pass


class BillingAddress(ShownAddress, AbstractBillingAddress):
    pass


from oscar.apps.order.models import *  # noqa: E402, F403 - Oscar's own, but for those above

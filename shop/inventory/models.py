"""What there is of the goods, where it is, for whom it is kept, and every movement that made it so (docs/adr/0012)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .querysets import LocationQuerySet, ReservationQuerySet, StockLevelQuerySet
from .rules import AllocationRule


class LocationKind(models.TextChoices):
    WAREHOUSE = "warehouse", _("Warehouse")
    SHOP = "shop", _("Shop")


class Location(MerchantOwned):
    """Where a merchant keeps goods. All of the merchant's stores sell from it while it is active."""

    name = models.CharField(_("name"), max_length=100)
    code = models.SlugField(_("code"), max_length=30, unique=True, help_text=_("Names it in files."))
    kind = models.CharField(_("kind"), max_length=10, choices=LocationKind.choices, default=LocationKind.WAREHOUSE)
    line1 = models.CharField(_("street"), max_length=255, blank=True)
    line4 = models.CharField(_("town"), max_length=255, blank=True)
    postcode = models.CharField(_("postcode"), max_length=64, blank=True)
    country = models.ForeignKey(
        "address.Country", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("country")
    )
    priority = models.PositiveSmallIntegerField(_("priority"), default=0, help_text=_("The smallest comes first."))
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Only an empty one can be given up."))

    objects = LocationQuerySet.as_manager()

    class Meta:
        ordering = ["priority", "pk"]
        verbose_name = _("location")
        verbose_name_plural = _("locations")

    def __str__(self) -> str:
        return self.name


class StockLevel(MerchantOwned):
    """What of a stock record is at one location. The database keeps `on_hand` the sum of its movements."""

    stockrecord = models.ForeignKey("partner.StockRecord", on_delete=models.CASCADE, related_name="levels")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="levels")
    on_hand = models.IntegerField(_("on hand"), default=0)
    allocated = models.IntegerField(_("allocated"), default=0)

    objects = StockLevelQuerySet.as_manager()

    class Meta:
        ordering = ["location__priority", "location"]
        verbose_name = _("stock level")
        verbose_name_plural = _("stock levels")
        constraints = [
            models.UniqueConstraint(fields=["stockrecord", "location"], name="one_level_at_a_location"),
            models.CheckConstraint(name="levels_are_not_negative", condition=Q(on_hand__gte=0, allocated__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.on_hand}"

    @property
    def free(self) -> int:
        """What no order waits for; below nought where less was counted than is sold."""
        return self.on_hand - self.allocated


class Cause(models.TextChoices):
    RECEIPT = "receipt", _("Receipt")
    SALE = "sale", _("Sale")
    CANCEL = "cancel", _("Cancellation")
    RETURN = "return", _("Return")
    COUNT = "count", _("Count")
    TRANSFER = "transfer", _("Transfer")
    CORRECTION = "correction", _("Correction")


class StockMovement(MerchantOwned):
    """One line of the ledger: so many pieces came, or went. The database grants nothing but to add one.

    It outlives its stock record, its order line and whoever moved it, so it points without constraints.
    """

    at = models.DateTimeField(_("time"), db_default=Now(), editable=False)
    stockrecord = models.ForeignKey(
        "partner.StockRecord", on_delete=models.DO_NOTHING, db_constraint=False, related_name="movements"
    )
    sku = models.CharField(_("SKU"), max_length=128, blank=True)
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="movements")
    quantity = models.IntegerField(_("pieces"))
    cause = models.CharField(_("cause"), max_length=10, choices=Cause.choices)
    line = models.ForeignKey(
        "order.Line", on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="movements"
    )
    reference = models.CharField(_("reference"), max_length=128, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ("add", "view")
        verbose_name = _("stock movement")
        verbose_name_plural = _("stock movements")
        indexes = [
            models.Index(fields=["stockrecord", "-at", "-id"], name="movements_of_record"),
            models.Index(fields=["line"], name="movements_of_line", condition=Q(line__isnull=False)),
        ]
        constraints = [models.CheckConstraint(name="movements_move_something", condition=~Q(quantity=0))]

    def __str__(self) -> str:
        return f"{self.quantity:+d} {self.sku}"


class Allocation(MerchantOwned):
    """Pieces that an order line is owed and has not been sent: from a location, or (where none is named) awaited."""

    line = models.ForeignKey("order.Line", on_delete=models.CASCADE, related_name="allocations")
    stockrecord = models.ForeignKey("partner.StockRecord", on_delete=models.CASCADE, related_name="allocations")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, null=True, related_name="allocations")
    quantity = models.PositiveIntegerField(_("pieces"))
    promised_on = models.DateField(_("promised for"), null=True)
    """What the buyer was told of awaited pieces, if a day was named."""

    class Meta:
        ordering = ["pk"]
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            models.UniqueConstraint(
                fields=["line", "location"], nulls_distinct=False, name="one_allocation_of_a_line_at_a_location"
            ),
            models.CheckConstraint(name="allocations_are_of_something", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}"


class Reservation(MerchantOwned):
    """Pieces that a basket is promised while its buyer pays. What has expired counts no more."""

    basket = models.ForeignKey("basket.Basket", on_delete=models.CASCADE, related_name="reservations")
    stockrecord = models.ForeignKey("partner.StockRecord", on_delete=models.CASCADE, related_name="reservations")
    quantity = models.PositiveIntegerField(_("pieces"))
    expires_at = models.DateTimeField(_("expires"))

    objects = ReservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reservation")
        verbose_name_plural = _("reservations")
        constraints = [
            models.UniqueConstraint(fields=["basket", "stockrecord"], name="one_reservation_of_a_basket"),
            models.CheckConstraint(name="reservations_are_of_something", condition=Q(quantity__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}"


class StockPolicy(MerchantOwned):
    """How a store takes stock; one without a row does as the defaults say."""

    store = models.OneToOneField("stores.Store", on_delete=models.CASCADE, related_name="stock_policy")
    rule = models.CharField(
        _("goods are taken from"), max_length=10, choices=AllocationRule.choices, default=AllocationRule.PRIORITY
    )
    hold_minutes = models.PositiveSmallIntegerField(
        _("goods are kept for a buyer who pays"), default=15, help_text=_("Minutes.")
    )

    class Meta:
        verbose_name = _("stock policy")
        verbose_name_plural = _("stock policies")

    def __str__(self) -> str:
        return self.get_rule_display()


class StockCount(MerchantOwned):
    """A file of counts as it was read; moves nothing until it is signed."""

    name = models.CharField(_("file"), max_length=200)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    sent_at = models.DateTimeField(_("sent"), db_default=Now(), editable=False)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    signed_at = models.DateTimeField(_("signed"), null=True, editable=False)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    class Meta:
        ordering = ["-sent_at", "-pk"]
        default_permissions = ("add", "view")
        permissions = [("sign_stockcount", _("Can sign a stock count"))]
        verbose_name = _("stock count")
        verbose_name_plural = _("stock counts")

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        return self.signed_at is None and self.withdrawn_at is None


class CountDifference(MerchantOwned):
    """Where a count says something else than the level did when the file was read."""

    count = models.ForeignKey(StockCount, on_delete=models.CASCADE, related_name="differences")
    stockrecord = models.ForeignKey("partner.StockRecord", on_delete=models.CASCADE, related_name="+")
    location = models.ForeignKey(Location, on_delete=models.PROTECT, related_name="+")
    file_line = models.PositiveIntegerField(_("line"))
    expected = models.IntegerField(_("expected"))
    counted = models.IntegerField(_("counted"))

    class Meta:
        ordering = ["file_line"]
        constraints = [
            models.UniqueConstraint(fields=["count", "stockrecord", "location"], name="one_difference_of_a_level"),
            models.CheckConstraint(name="differences_differ", condition=~Q(expected=F("counted"))),
        ]

    def __str__(self) -> str:
        return f"{self.difference:+d}"

    @property
    def difference(self) -> int:
        return self.counted - self.expected

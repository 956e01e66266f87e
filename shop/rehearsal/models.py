"""Orders replayed against a price list before it counts, line by line, and what that comes to."""

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .querysets import RehearsalQuerySet, RehearsedLineQuerySet, ResultQuerySet

BROKEN_OFF_AFTER = timedelta(minutes=10)
"""Without progress: its worker is gone."""


class State(models.TextChoices):
    WAITING = "waiting", _("waits")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("broken off")


class Refusal(models.TextChoices):
    """Why a line would not be sold as it was."""

    QUANTITY = "quantity", _("this quantity is not sold")
    NO_PRICE = "no-price", _("nothing says a price")
    ORDER = "order", _("the order is worth too little")


class Rehearsal(MerchantOwned):
    """The orders of some days against a list as it is, or will be when all that is scheduled counts."""

    price_list = models.ForeignKey("pricing.PriceList", on_delete=models.CASCADE, related_name="rehearsals")
    list_revision = models.PositiveIntegerField(_("version of the list"))
    as_of = models.DateTimeField(_("the list as of"))
    store = models.ForeignKey(
        "stores.Store", verbose_name=_("store"), on_delete=models.CASCADE, null=True, related_name="rehearsals"
    )
    days = models.PositiveSmallIntegerField(_("days"))
    until = models.DateTimeField(_("until"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    run = models.UUIDField(default=uuid4, editable=False)
    """Of two that run at once, the later one: the earlier finds another number here, and stops."""
    moved_at = models.DateTimeField(default=timezone.now)
    orders = models.PositiveIntegerField(default=0)
    orders_done = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(default=0)
    """Lines that cannot be replayed: they have no receipt, or their product is gone."""

    objects = RehearsalQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        default_permissions = ("view", "add")
        verbose_name = _("rehearsal")
        verbose_name_plural = _("rehearsals")

    def __str__(self) -> str:
        return f"{self.price_list} {self.until:%Y-%m-%d}"

    @property
    def since(self) -> datetime:
        return self.until - timedelta(days=self.days)

    @property
    def currency(self) -> str:
        return self.price_list.currency

    @property
    def is_done(self) -> bool:
        return self.state == State.DONE

    @property
    def is_moving(self) -> bool:
        """Whether it waits or runs, and its worker is alive by all that is known."""
        under_way = self.state in (State.WAITING, State.RUNNING)
        return under_way and timezone.now() - self.moved_at < BROKEN_OFF_AFTER

    @property
    def percent(self) -> int:
        return self.orders_done * 100 // self.orders if self.orders else 0


class RehearsedLine(MerchantOwned):
    """A line of an order as it was charged, and as it would be. Amounts are without tax."""

    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="lines")
    order = models.ForeignKey("order.Order", on_delete=models.CASCADE, related_name="+")
    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, null=True, related_name="+")
    product = models.ForeignKey("catalogue.Product", on_delete=models.SET_NULL, null=True, related_name="+")
    label = models.CharField(max_length=255)
    code = models.CharField(max_length=128)
    quantity = models.PositiveIntegerField()
    unit_before = models.DecimalField(max_digits=14, decimal_places=4)
    unit_after = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    net_before = models.DecimalField(max_digits=14, decimal_places=2)
    net_after = models.DecimalField(max_digits=14, decimal_places=2)
    cost = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    """What the pieces cost when they were ordered, in the currency of the order; null where nobody knew."""
    refusal = models.CharField(max_length=10, choices=Refusal.choices, blank=True)

    objects = RehearsedLineQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.quantity} × {self.label}"

    @property
    def difference(self) -> Decimal:
        return self.net_after - self.net_before


class Kind(models.TextChoices):
    TOTAL = "total", _("all")
    COMPANY = "company", _("companies")
    PRODUCT = "product", _("products")


class Result(MerchantOwned):
    """What the lines of a company, of a product, or all of them come to.

    Lines that would be refused are counted apart: what would become of them nobody knows.
    """

    rehearsal = models.ForeignKey(Rehearsal, on_delete=models.CASCADE, related_name="results")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, null=True, related_name="+")
    """Null: those who buy for themselves."""
    product = models.ForeignKey("catalogue.Product", on_delete=models.SET_NULL, null=True, related_name="+")
    label = models.CharField(max_length=255)
    code = models.CharField(max_length=128)
    lines = models.PositiveIntegerField()
    pieces = models.BigIntegerField()
    changed = models.PositiveIntegerField()
    """Lines that would cost something else."""
    refused = models.PositiveIntegerField()
    refused_net = models.DecimalField(max_digits=16, decimal_places=2)
    net_before = models.DecimalField(max_digits=16, decimal_places=2)
    net_after = models.DecimalField(max_digits=16, decimal_places=2)
    costed_before = models.DecimalField(max_digits=16, decimal_places=2)
    """Of the lines whose cost is known, as the two below."""
    costed_after = models.DecimalField(max_digits=16, decimal_places=2)
    cost = models.DecimalField(max_digits=18, decimal_places=2)

    objects = ResultQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["rehearsal", "kind"], name="rehearsal_results_of_kind")]

    def __str__(self) -> str:
        return self.label or self.kind

    @property
    def difference(self) -> Decimal:
        return self.net_after - self.net_before

    @property
    def percent(self) -> Decimal | None:
        """The difference, of what was charged; None of nothing."""
        return self.difference * 100 / self.net_before if self.net_before else None

    @property
    def is_costed(self) -> bool:
        """Whether the cost of any of it is known."""
        return bool(self.cost or self.costed_before)

    @property
    def margin_before(self) -> Decimal:
        return self.costed_before - self.cost

    @property
    def margin_after(self) -> Decimal:
        return self.costed_after - self.cost

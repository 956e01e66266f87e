"""Files of prices: what was sent, what it would change in its list, who signed it, and what became of it."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.pricing.levels import TierKind
from shop.stores.fields import MerchantOwned

from .querysets import PriceFileQuerySet, PriceFileRowQuerySet
from .states import Mode, Outcome, State, Step

SILENCE = timedelta(minutes=5)
"""Whatever is at work says so between its statements, of which the longest takes a minute for a million rows."""
DECIMAL_MARKS = [(".", "9.50"), (",", "9,50")]


class PriceFile(MerchantOwned):
    """A file that is compared with a list and, signed, becomes a revision of it."""

    price_list = models.ForeignKey(
        "pricing.PriceList", verbose_name=_("price list"), on_delete=models.CASCADE, related_name="files"
    )
    name = models.CharField(_("file"), max_length=200)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    digest = models.CharField(_("SHA-256"), max_length=64)
    mode = models.CharField(_("what it does"), max_length=10, choices=Mode.choices, default=Mode.CHANGE)
    decimal_mark = models.CharField(max_length=1, choices=DECIMAL_MARKS, default=".")
    takes_effect_at = models.DateTimeField(_("counts from"), null=True, blank=True, help_text=_("Empty: at once."))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("sent by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    at = models.DateTimeField(_("sent"), db_default=Now(), editable=False)

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.READING)
    fault = models.CharField(_("reason"), max_length=500, blank=True)
    step = models.CharField(max_length=10, choices=Step.choices, blank=True)
    reached = models.PositiveIntegerField(default=0)
    """How many rows the step has done."""
    seen_at = models.DateTimeField(db_default=Now())
    """When whatever is at work was last heard of."""

    judged_at_revision = models.PositiveIntegerField(null=True)
    """The list's last revision when the file was compared with it."""
    rows = models.PositiveIntegerField(_("rows"), default=0)
    added = models.PositiveIntegerField(_("added"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    removed = models.PositiveIntegerField(_("taken out"), default=0)
    unchanged = models.PositiveIntegerField(_("unchanged"), default=0)
    refused = models.PositiveIntegerField(_("refused"), default=0)
    steep = models.PositiveIntegerField(_("by more than half"), default=0)

    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("signed by"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    signed_at = models.DateTimeField(_("signed"), null=True)
    leaves_out_refused = models.BooleanField(_("without the refused rows"), default=False)
    revision = models.OneToOneField("pricing.Revision", on_delete=models.SET_NULL, null=True, related_name="price_file")

    objects = PriceFileQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("price file")
        verbose_name_plural = _("price files")
        default_permissions = ()
        permissions = [("sign_pricefile", "Can sign price files")]

    def __str__(self) -> str:
        return self.name

    @property
    def differences(self) -> int:
        return self.added + self.changed + self.removed

    @property
    def is_at_work(self) -> bool:
        return State(self.state).is_at_work and timezone.now() - self.seen_at < SILENCE

    @property
    def has_fallen_silent(self) -> bool:
        """Whether whatever was at work must have died."""
        return State(self.state).is_at_work and not self.is_at_work

    @property
    def is_outdated(self) -> bool:
        """Whether the list has changed since the file was compared with it."""
        return self.judged_at_revision != self.price_list.last_revision


class PriceFilePart(MerchantOwned):
    """A piece of the file as it was sent. In the database, since a worker may run on another machine than the web, and
    since nobody but its merchant may ever read it."""

    price_file = models.ForeignKey(PriceFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        ordering = ["number"]
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["price_file", "number"], name="pricefiles_part_number")]

    def __str__(self) -> str:
        return f"{self.price_file_id}, {self.number}"


class PriceFileRow(MerchantOwned):
    """One difference between a file and its list, or one reason to refuse a row.

    Goods and tiers are plain numbers: they are as the comparison found them, and a million keys would be checked for
    nothing. Publishing looks whether the goods are still there.
    """

    price_file = models.ForeignKey(
        PriceFile, on_delete=models.CASCADE, related_name="differences_found", db_constraint=False, db_index=False
    )
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    line = models.BigIntegerField(_("line"), null=True)
    """Of the file; None for what is taken out because the file does not name it."""
    name = models.TextField(_("SKU or category"))
    product_ref = models.BigIntegerField(null=True)
    category_ref = models.BigIntegerField(null=True)
    min_quantity = models.PositiveIntegerField(_("from pieces"), null=True)
    kind = models.CharField(_("kind"), max_length=10, choices=TierKind.choices, blank=True)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4, null=True)
    floor = models.DecimalField(_("no lower than"), max_digits=14, decimal_places=4, null=True)
    valid_from = models.DateTimeField(_("valid from"), null=True)
    valid_until = models.DateTimeField(_("valid until"), null=True)
    tier_ref = models.BigIntegerField(null=True)
    """The tier that it retires."""
    old_kind = models.CharField(max_length=10, choices=TierKind.choices, blank=True)
    old_value = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    old_floor = models.DecimalField(max_digits=14, decimal_places=4, null=True)
    old_until = models.DateTimeField(null=True)
    per_cent = models.DecimalField(max_digits=14, decimal_places=1, null=True)
    """By how much the new value differs from the old one of the same kind."""
    column = models.CharField(_("column"), max_length=20, blank=True)
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    words = models.JSONField(default=dict)
    """What the sentence of the reason names."""

    objects = PriceFileRowQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        default_permissions = ()
        indexes = [models.Index(fields=["price_file", "outcome", "id"], name="pricefiles_row_of_file")]

    def __str__(self) -> str:
        return f"{self.name} × {self.min_quantity}: {self.outcome}"


class SigningPolicy(MerchantOwned):
    """Who may sign price files; one row at most."""

    needs_second_person = models.BooleanField(
        _("somebody else signs"),
        default=False,
        help_text=_("Whoever sends a price file can't sign it too: a second person has to."),
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["merchant_id"], name="pricefiles_one_policy")]
        default_permissions = ("change",)
        verbose_name_plural = _("signing policies")

    def __str__(self) -> str:
        return "four eyes" if self.needs_second_person else "two eyes"

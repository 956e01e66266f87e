"""What banks say of the merchant's accounts, and for which orders it was taken."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .querysets import BankEntryQuerySet


class BankStatement(MerchantOwned):
    """A file that staff sent. Of a CSV file the content is kept until its columns are named."""

    name = models.CharField(_("file"), max_length=200)
    account = models.CharField(_("account"), max_length=64, blank=True)
    content = models.BinaryField(null=True)
    signature = models.CharField(max_length=64, blank=True)
    """Of a CSV file's header, by which what was said of its columns is found again."""
    layout = models.JSONField(null=True)
    """What was said of them."""
    known = models.PositiveIntegerField(_("known before"), default=0)
    """How many of its entries had come in another file."""
    imported_at = models.DateTimeField(_("imported"), db_default=Now(), editable=False)
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("bank statement")
        verbose_name_plural = _("bank statements")

    def __str__(self) -> str:
        return self.name

    @property
    def is_read(self) -> bool:
        return self.content is None


class EntryState(models.TextChoices):
    OPEN = "open", _("To look at")
    MATCHED = "matched", _("Matched")
    ASIDE = "aside", _("Set aside")


class BankEntry(MerchantOwned):
    """Money that came in, or went back. `key` is the same whichever file it comes in (`readers.entries.keyed`)."""

    statement = models.ForeignKey(BankStatement, on_delete=models.PROTECT, related_name="entries")
    key = models.CharField(max_length=64, unique=True, editable=False)
    booked_on = models.DateField(_("booked on"))
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    is_credit = models.BooleanField(_("came in"))
    is_return = models.BooleanField(_("went back"))
    text = models.CharField(_("what the payer wrote"), max_length=1000, blank=True)
    creditor_reference = models.CharField(_("reference"), max_length=100, blank=True)
    payer = models.CharField(_("payer"), max_length=200, blank=True)
    payer_iban = models.CharField(_("account of the payer"), max_length=34, blank=True)
    bank_reference = models.CharField(_("the bank's reference"), max_length=200, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=EntryState.choices, default=EntryState.OPEN)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    """Why it was set aside."""

    objects = BankEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-booked_on", "-pk"]
        verbose_name = _("bank entry")
        verbose_name_plural = _("bank entries")
        indexes = [models.Index(fields=["merchant_id", "state", "-booked_on", "-id"], name="bank_entries_in_state")]
        constraints = [models.CheckConstraint(condition=models.Q(amount__gt=0), name="bank_amount_is_positive")]

    def __str__(self) -> str:
        return f"{self.booked_on} {self.amount} {self.currency}"

    @property
    def rest(self) -> Decimal:
        """What of it is for no order yet; of the matches that were loaded, where they were."""
        return self.amount - sum((match.amount for match in self.matches.all()), Decimal(0))


class EntryMatch(MerchantOwned):
    """That (part of) an entry was for an order: a capture in its ledger, or what went back of one. Never changed."""

    entry = models.ForeignKey(BankEntry, on_delete=models.PROTECT, related_name="matches")
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="bank_matches")
    transaction = models.OneToOneField(
        "payments.PaymentTransaction", on_delete=models.PROTECT, related_name="bank_match"
    )
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    at = models.DateTimeField(_("time"), db_default=Now(), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["entry", "order"], name="bank_entry_once_per_order")]

    def __str__(self) -> str:
        return f"{self.amount} for {self.order_id}"

"""What the merchant owes to people in goods: gift cards, which whoever has the code spends, and store credit."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .querysets import CreditAccountQuerySet


class AccountKind(models.TextChoices):
    """The values are the codes of the payment methods that spend them."""

    GIFT_CARD = "gift_card", _("Gift card")
    STORE_CREDIT = "store_credit", _("Store credit")


class CreditAccount(MerchantOwned):
    """A balance in one currency, spent in any store of the merchant. Of a gift card's code only a digest is kept."""

    kind = models.CharField(_("kind"), max_length=12, choices=AccountKind.choices)
    currency = models.CharField(_("currency"), max_length=3)
    digest = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 - unique, or none
    hint = models.CharField(_("ends with"), max_length=4, blank=True, editable=False)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    """The last day."""
    is_blocked = models.BooleanField(_("blocked"), default=False)
    buyer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="store_credit"
    )
    company = models.ForeignKey("companies.Company", on_delete=models.PROTECT, null=True, related_name="store_credit")
    note = models.CharField(_("note"), max_length=200, blank=True)
    opened_at = models.DateTimeField(_("opened"), db_default=Now(), editable=False)

    balance: Decimal
    """Of one that was loaded `with_balance`."""

    objects = CreditAccountQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")
        constraints = [
            models.CheckConstraint(
                name="credit_card_has_a_code",
                condition=Q(kind="gift_card", digest__isnull=False, buyer=None, company=None)
                | Q(kind="store_credit", digest=None),
            ),
            models.UniqueConstraint(fields=["buyer", "currency"], name="credit_once_per_buyer"),
            models.UniqueConstraint(fields=["company", "currency"], name="credit_once_per_company"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} …{self.hint}" if self.hint else str(self.get_kind_display())

    def is_valid_on(self, day: date) -> bool:
        return not self.is_blocked and (self.expires_on is None or day <= self.expires_on)


class EntryKind(models.TextChoices):
    ISSUE = "issue", _("Issued")
    SPEND = "spend", _("Spent")
    REFUND = "refund", _("Given back")
    CORRECT = "correct", _("Corrected")


class CreditEntry(MerchantOwned):
    """One change of a balance, never changed itself: the balance is their sum."""

    account = models.ForeignKey(CreditAccount, on_delete=models.PROTECT, related_name="entries")
    kind = models.CharField(_("kind"), max_length=8, choices=EntryKind.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    """Positive where the balance grows."""
    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, null=True, related_name="credit_entries")
    key = models.CharField(max_length=255, unique=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    at = models.DateTimeField(_("time"), db_default=Now(), editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )

    class Meta:
        ordering = ["pk"]
        default_permissions = ("view",)
        verbose_name = _("credit entry")
        verbose_name_plural = _("credit entries")
        constraints = [models.CheckConstraint(condition=~Q(amount=Decimal(0)), name="credit_amount_is_not_nothing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"

"""Which rules a store has, its lists, and the orders that wait for somebody to look at them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned
from shop.stores.models import Store

from .querysets import ReviewQuerySet


class StoreRule(MerchantOwned):
    """A rule as a store has set it; without a row it is as the rule itself says."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="review_rules")
    code = models.CharField(_("rule"), max_length=32)
    is_on = models.BooleanField(_("on"), default=True)
    options = models.JSONField(_("options"), default=dict, blank=True)

    class Meta:
        default_permissions = ("view", "change")
        verbose_name = _("rule against fraud")
        verbose_name_plural = _("rules against fraud")
        constraints = [models.UniqueConstraint(fields=["store", "code"], name="review_rule_once_per_store")]

    def __str__(self) -> str:
        return self.code


class EntryKind(models.TextChoices):
    EMAIL = "email", _("E-mail address")
    DOMAIN = "domain", _("Domain of e-mail addresses")
    NETWORK = "network", _("Network")
    CARD = "card", _("Card")


class Verdict(models.TextChoices):
    BLOCK = "block", _("Hold")
    ALLOW = "allow", _("Never hold")


class ListEntry(MerchantOwned):
    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="review_list")
    kind = models.CharField(_("kind"), max_length=16, choices=EntryKind.choices)
    value = models.CharField(_("value"), max_length=254)
    """In lower case; a network as its address is written."""
    verdict = models.CharField(_("verdict"), max_length=8, choices=Verdict.choices, default=Verdict.BLOCK)
    note = models.CharField(_("note"), max_length=254, blank=True)
    added_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        ordering = ["kind", "value"]
        verbose_name = _("entry of the list")
        verbose_name_plural = _("entries of the list")
        constraints = [models.UniqueConstraint(fields=["store", "kind", "value"], name="review_entry_once_per_store")]

    def __str__(self) -> str:
        return self.value


class ReviewState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RELEASED = "released", _("Released")
    CANCELLED = "cancelled", _("Cancelled")


class Cause(models.TextChoices):
    """Why an order is held, other than by a rule."""

    STAFF = "staff", _("Held by hand")
    DISPUTE = "dispute", _("Dispute")
    PAYMENT = "payment", _("Payment")


class OrderReview(MerchantOwned):
    """That somebody is to look at an order, why, and what came of it."""

    order = models.ForeignKey("order.Order", on_delete=models.PROTECT, related_name="reviews")
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="+")
    held_from = models.CharField(_("held from"), max_length=100, blank=True)
    """The state of the order before; empty where it was sent already, and nothing could be held any more."""
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    """Null where a rule or a dispute did."""
    findings = models.JSONField(_("findings"), default=list)
    """Code of each rule or other `Cause`, and its sentence."""
    state = models.CharField(_("state"), max_length=16, choices=ReviewState.choices, default=ReviewState.WAITING)
    held_at = models.DateTimeField(_("held"), auto_now_add=True)
    decided_at = models.DateTimeField(_("decided"), null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.DO_NOTHING, db_constraint=False, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=254, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["held_at", "pk"]
        default_permissions = ("view", "change")
        verbose_name = _("order to review")
        verbose_name_plural = _("orders to review")
        indexes = [models.Index(fields=["merchant_id", "state", "held_at"], name="review_queue")]
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=models.Q(state="waiting"), name="review_waits_once_per_order"
            )
        ]

    def __str__(self) -> str:
        return self.order.number

    @property
    def seen(self) -> str:
        """What a page shows of it: who decides sends it back, and so says which findings they have read."""
        return f"{self.pk}:{len(self.findings)}"

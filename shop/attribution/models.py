"""Where orders come from: kept with the order, since nothing of it can be found out later."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .querysets import AffiliateQuerySet
from .touches import LONGEST


class AffiliateKind(models.TextChoices):
    AFFILIATE = "affiliate", _("Affiliate")
    CLINIC = "clinic", _("Referring clinic")
    AGENT = "agent", _("Agent")


class Affiliate(MerchantOwned):
    """Somebody who sends buyers to the merchant's stores, by links that end in `?ref=` and their code."""

    code = models.SlugField(_("code"), max_length=50, unique=True, help_text=_("Ends their links: ?ref=city-clinic"))
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=12, choices=AffiliateKind.choices, default=AffiliateKind.AFFILIATE)
    is_active = models.BooleanField(_("counts"), default=True, help_text=_("Whether new orders are credited to them."))

    objects = AffiliateQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        default_permissions = ("view", "add", "change")
        verbose_name = _("affiliate")
        verbose_name_plural = _("affiliates")

    def __str__(self) -> str:
        return self.name


class Source(MerchantOwned):
    """What brings buyers: one row for all who came the same way, so that orders can be added up by it."""

    digest = models.CharField(max_length=64, unique=True, editable=False)
    source = models.CharField(_("source"), max_length=LONGEST, blank=True)
    medium = models.CharField(_("medium"), max_length=LONGEST, blank=True)
    campaign = models.CharField(_("campaign"), max_length=LONGEST, blank=True)
    term = models.CharField(_("term"), max_length=LONGEST, blank=True)
    content = models.CharField(_("content"), max_length=LONGEST, blank=True)
    referrer = models.CharField(_("referrer"), max_length=LONGEST, blank=True)
    affiliate = models.ForeignKey(
        Affiliate, on_delete=models.PROTECT, null=True, related_name="sources", verbose_name=_("affiliate")
    )

    class Meta:
        default_permissions = ()
        verbose_name = _("source of orders")
        verbose_name_plural = _("sources of orders")

    def __str__(self) -> str:
        words = (self.affiliate and self.affiliate.name, self.source, self.medium, self.campaign, self.referrer)
        return " / ".join(word for word in words if word)


class Channel(models.TextChoices):
    STORE = "store", _("Store")
    API = "api", _("API")
    PUNCHOUT = "punchout", _("PunchOut")


class OrderAttribution(MerchantOwned):
    """How an order came to be. What brought the buyer when they chose a line stands with the line itself."""

    order = models.OneToOneField("order.Order", on_delete=models.CASCADE, related_name="attribution")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    first = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(_("first came"), null=True)
    last = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, related_name="orders")
    """The last that was not direct: what the order is credited to."""
    last_at = models.DateTimeField(_("last came"), null=True)
    landing = models.CharField(_("came to"), max_length=LONGEST, blank=True)
    sales_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("sales person")
    )
    client = models.CharField(_("API client"), max_length=200, blank=True)
    punchout_session = models.CharField(_("PunchOut session"), max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("origin of an order")
        verbose_name_plural = _("origins of orders")

    def __str__(self) -> str:
        return f"{self.order_id}: {self.get_channel_display()}"

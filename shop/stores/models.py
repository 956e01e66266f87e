"""Who sells: a merchant is a business and the wall around its rows; a store is one of its shop fronts."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from .addresses import origin_at
from .fields import CurrentMerchant, MerchantOwned

HOST_NAME = RegexValidator(r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$", _("A host name: lower case, without port."))


class Merchant(models.Model):
    """A business: the tenant. It owns everything but itself; of the other merchants it does not even see the name."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("short name"), unique=True, help_text=_("Names the merchant on the command line."))
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class TaxDisplay(models.TextChoices):
    INCLUSIVE = "incl", _("including tax")
    EXCLUSIVE = "excl", _("excluding tax")


class Store(MerchantOwned):
    """One storefront of a merchant: a Wagtail site with its own theme, currency, language and tax."""

    name = models.CharField(_("name"), max_length=100)
    slug = models.SlugField(_("short name"), unique=True)
    site = models.OneToOneField("wagtailcore.Site", on_delete=models.PROTECT, related_name="store")
    theme = models.CharField(_("theme"), max_length=50, default="base")
    language = models.CharField(_("language"), max_length=10, default="en-gb")
    currency = models.CharField(_("currency"), max_length=3, default="GBP")
    further_currencies = ArrayField(
        models.CharField(max_length=3),
        verbose_name=_("further currencies"),
        default=list,
        blank=True,
        help_text=_("That shoppers may choose. Prices in them come from price lists."),
    )
    tax_display = models.CharField(
        _("prices are shown"), max_length=4, choices=TaxDisplay.choices, default=TaxDisplay.INCLUSIVE
    )
    tax_rate = models.DecimalField(
        _("tax rate"), max_digits=5, decimal_places=4, default=0, help_text=_("As a fraction: 0.2 is 20 %.")
    )
    order_prefix = models.SlugField(_("order number prefix"), max_length=8)
    sender_address = models.EmailField(_("sender of mails"))
    shipping_countries = models.ManyToManyField("address.Country", blank=True, related_name="+")
    is_open = models.BooleanField(_("open"), default=True)
    asks_cookie_consent = models.BooleanField(_("asks for consent to cookies"), default=False)
    hides_prices = models.BooleanField(
        _("tells prices to signed-in visitors only"), default=False, help_text=_("Nobody else can buy, then.")
    )
    buyers_may_cancel = models.BooleanField(
        _("lets buyers cancel"), default=True, help_text=_("A whole order, as long as nobody has begun to pack it.")
    )
    content_version = models.PositiveBigIntegerField(
        default=0, editable=False, help_text="Moves on with what stands around its pages (`content_changed`)."
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def currencies(self) -> tuple[str, ...]:
        """All that it sells in, its own first; ISO 4217."""
        return (self.currency, *self.further_currencies)

    @property
    def origin(self) -> str:
        """What its addresses begin with."""
        return origin_at(self.site.hostname, port=self.site.port)


class StoreHost(models.Model):
    """The directory that is read before there is a scope: which host is which store.

    Everybody may read it (host names are public), and only its own merchant write to it. A row without a store is the
    platform's own host.
    """

    host = models.CharField(max_length=253, primary_key=True, validators=[HOST_NAME])
    merchant_id = models.BigIntegerField(db_default=CurrentMerchant(), editable=False)
    store = models.ForeignKey(Store, on_delete=models.CASCADE, null=True, related_name="hosts")
    is_canonical = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.host

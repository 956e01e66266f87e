"""Price lists: for whom they are, their tiers, and the revisions that made them what they are.

A tier is never changed: a revision retires it and adds another, and the database refuses everything else (migrations
`0002` and `0003`). So a receipt that names a tier can be replayed for as long as there are orders.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .levels import Level, ListState, TierKind
from .querysets import PriceListQuerySet, PriceTierQuerySet


class PriceList(MerchantOwned):
    """Prices that somebody gets: a company, a group of them, or everybody in a store or in all stores."""

    name = models.CharField(_("name"), max_length=100)
    code = models.SlugField(_("short name"), max_length=50, unique=True, help_text=_("Names the list in files."))
    currency = models.CharField(_("currency"), max_length=3)
    includes_tax = models.BooleanField(_("prices include tax"), default=False)
    level = models.PositiveSmallIntegerField(_("is for"), choices=Level.choices, default=Level.BASE)
    company = models.ForeignKey(
        "companies.Company",
        verbose_name=_("company"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="price_lists",
    )
    group = models.ForeignKey(
        "companies.CustomerGroup",
        verbose_name=_("customer group"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="price_lists",
    )
    store = models.ForeignKey(
        "stores.Store",
        verbose_name=_("store"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="price_lists",
    )
    base = models.ForeignKey(
        "self",
        verbose_name=_("base list"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="leaning",
        help_text=_("What percentages and amounts are taken off. Empty: the product's own price."),
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True, help_text=_("At this moment it ends."))
    priority = models.SmallIntegerField(
        _("priority"), default=0, help_text=_("Of several lists for the same people, the highest comes first.")
    )
    mix_and_match = models.BooleanField(_("counts all variants of a product together"), default=False)
    allows_offers = models.BooleanField(
        _("offers and vouchers apply"), default=True, help_text=_("Off: its prices are final, as agreed prices are.")
    )
    minimum_order_value = models.DecimalField(
        _("minimum order value"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    is_published = models.BooleanField(_("published"), default=False)
    last_revision = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("made"), db_default=Now(), editable=False)

    objects = PriceListQuerySet.as_manager()

    class Meta:
        ordering = ["level", "-priority", "-pk"]
        verbose_name = _("price list")
        verbose_name_plural = _("price lists")
        constraints = [
            models.CheckConstraint(
                name="pricing_list_target_fits_level",
                condition=Q(level__in=[Level.CONTRACT, Level.COMPANY], company__isnull=False, group=None, store=None)
                | Q(level=Level.GROUP, company=None, group__isnull=False, store=None)
                | Q(level=Level.STORE, company=None, group=None, store__isnull=False)
                | Q(level=Level.BASE, company=None, group=None, store=None),
            ),
            models.CheckConstraint(
                name="pricing_list_ends_after_start",
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=models.F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def target(self) -> models.Model | None:
        """The company, the group or the store that it is for; None for everybody."""
        return self.company or self.group or self.store

    @property
    def state(self) -> ListState:
        """Where it stands now."""
        now = timezone.now()
        if not self.is_published:
            return ListState.DRAFT
        if self.starts_at and self.starts_at > now:
            return ListState.SCHEDULED
        return ListState.ENDED if self.ends_at and self.ends_at <= now else ListState.CURRENT


class Source(models.TextChoices):
    EDIT = "edit", _("edited")
    IMPORT = "import", _("imported")
    UNDO = "undo", _("undone")
    COPY = "copy", _("copied")


class Revision(MerchantOwned):
    """One change of a price list: who made it, and from when on it counts."""

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("made"), db_default=Now(), editable=False)
    source = models.CharField(_("came by"), max_length=10, choices=Source.choices, default=Source.EDIT)
    takes_effect_at = models.DateTimeField(_("counts from"))
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["price_list", "number"], name="pricing_revision_number")]

    def __str__(self) -> str:
        return f"{self.price_list} {self.number}"

    @property
    def is_scheduled(self) -> bool:
        return self.takes_effect_at > timezone.now()


class PriceTier(MerchantOwned):
    """From so many pieces on, a product or all of a category cost this. A row counts

    - from the moment that the revision takes effect which added it, until that of the one which retired it,
    - and within its own window, where it has one: a season's price.
    """

    price_list = models.ForeignKey(PriceList, on_delete=models.CASCADE, related_name="tiers", db_index=False)
    product = models.ForeignKey(
        "catalogue.Product", on_delete=models.CASCADE, null=True, related_name="price_tiers", db_index=False
    )
    category = models.ForeignKey(
        "catalogue.Category", on_delete=models.CASCADE, null=True, related_name="price_tiers", db_index=False
    )
    min_quantity = models.PositiveIntegerField(_("from pieces"), default=1)
    kind = models.CharField(_("kind"), max_length=10, choices=TierKind.choices, default=TierKind.FIXED)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=4)
    floor = models.DecimalField(_("no lower than"), max_digits=14, decimal_places=4, null=True)
    valid_from = models.DateTimeField(_("valid from"), null=True)
    valid_until = models.DateTimeField(_("valid until"), null=True)
    added_in = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="added", db_index=False)
    retired_in = models.ForeignKey(
        Revision, on_delete=models.CASCADE, null=True, related_name="retired", db_index=False
    )
    version = models.PositiveIntegerField(help_text="The number of the revision that added it.")
    counts_from = models.DateTimeField()
    counts_until = models.DateTimeField(null=True)

    objects = PriceTierQuerySet.as_manager()

    class Meta:
        ordering = ["product_id", "category_id", "min_quantity", "pk"]
        indexes = [
            models.Index(fields=["price_list", "product"], name="pricing_tier_products"),
            models.Index(fields=["product"], name="pricing_tier_of_product", condition=Q(product__isnull=False)),
            models.Index(
                fields=["category", "price_list"], name="pricing_tier_categories", condition=Q(category__isnull=False)
            ),
            models.Index(fields=["added_in"], name="pricing_tier_added"),
            models.Index(fields=["retired_in"], name="pricing_tier_retired", condition=Q(retired_in__isnull=False)),
            models.Index(
                fields=["price_list", "valid_from"], name="pricing_tier_starts", condition=Q(valid_from__isnull=False)
            ),
            models.Index(
                fields=["price_list", "valid_until"], name="pricing_tier_ends", condition=Q(valid_until__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "product", "category", "min_quantity", "valid_from"],
                condition=Q(retired_in=None),
                nulls_distinct=False,
                name="pricing_one_current_tier",
            ),
            models.CheckConstraint(
                name="pricing_tier_of_product_or_category",
                condition=Q(product=None, category__isnull=False) | Q(product__isnull=False, category=None),
            ),
            models.CheckConstraint(
                name="pricing_tier_is_sane",
                condition=Q(min_quantity__gte=1, value__gte=0) & (Q(floor=None) | Q(floor__gte=0)),
            ),
            models.CheckConstraint(
                name="pricing_tier_takes_no_more_than_all", condition=~Q(kind=TierKind.PERCENT) | Q(value__lte=100)
            ),
            models.CheckConstraint(
                name="pricing_tier_ends_after_start",
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gt=models.F("valid_from")),
            ),
            models.CheckConstraint(
                name="pricing_tier_retired_by_revision",
                condition=Q(retired_in=None, counts_until=None)
                | Q(retired_in__isnull=False, counts_until__gte=models.F("counts_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id or self.category_id} × {self.min_quantity}: {self.value}"

    @property
    def never_counts(self) -> bool:
        """Whether it was taken back before the moment from which on it was to count."""
        return self.counts_until is not None and self.counts_until <= self.counts_from


class QuantityRule(MerchantOwned):
    """A product is sold from so many pieces on, and in packs of so many: to everybody, or to whom a list is for."""

    price_list = models.ForeignKey(
        PriceList,
        verbose_name=_("price list"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="quantity_rules",
        help_text=_("Empty: for everybody whose lists say nothing else."),
    )
    product = models.ForeignKey(
        "catalogue.Product", verbose_name=_("product"), on_delete=models.CASCADE, related_name="quantity_rules"
    )
    minimum = models.PositiveIntegerField(_("at least"), default=1)
    multiple = models.PositiveIntegerField(_("in packs of"), default=1)

    class Meta:
        verbose_name = _("quantity rule")
        verbose_name_plural = _("quantity rules")
        constraints = [
            models.UniqueConstraint(
                fields=["price_list", "product"], nulls_distinct=False, name="pricing_one_quantity_rule"
            ),
            models.CheckConstraint(
                name="pricing_quantities_are_sane",
                condition=Q(minimum__range=(1, 1_000_000), multiple__range=(1, 1_000_000)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.minimum}, {self.multiple}"

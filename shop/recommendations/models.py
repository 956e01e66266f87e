"""What is counted of a store's orders, and what is shown because of it. Each row is of one store and its merchant."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.requisitions.models import with_its_maker
from shop.stores.fields import MerchantOwned

from .querysets import HabitQuerySet, NeighboursQuerySet, PairQuerySet


class RecommendationSettings(MerchantOwned):
    """What a store recommends. Without a row it shows both kinds, and writes to nobody."""

    store = models.OneToOneField("stores.Store", on_delete=models.CASCADE, related_name="recommendation_settings")
    shows_bought = models.BooleanField(
        _("shows what is often bought together"), default=True, help_text=_("On product pages and in the basket.")
    )
    shows_similar = models.BooleanField(_("shows similar products"), default=True, help_text=_("On product pages."))
    reminds = models.BooleanField(
        _("reminds customers to reorder"),
        default=False,
        help_text=_("Writes to customers when something that they buy regularly is due, once for each time."),
    )
    computed_at = models.DateTimeField(_("last computed"), null=True, editable=False)

    class Meta:
        default_permissions = ("view", "change")
        verbose_name = _("settings for recommendations")
        verbose_name_plural = _("settings for recommendations")

    def __str__(self) -> str:
        return f"{self.store_id}"


class CountedOrder(MerchantOwned):
    """An order as it stands in the counts below, so that it can be taken out of them again, whatever became of it."""

    order_id = models.BigIntegerField(primary_key=True)
    """No foreign key: an order that is deleted has to leave the counts, too."""
    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, related_name="+")
    product_ids = ArrayField(models.BigIntegerField())
    """Each once, a variant as its parent, in order."""

    class Meta:
        default_permissions = ()
        verbose_name = _("counted order")
        verbose_name_plural = _("counted orders")

    def __str__(self) -> str:
        return f"{self.order_id}"


class Pair(MerchantOwned):
    """How many counted orders hold two products of a store; with itself: how many hold that product.

    There are millions, which nothing but `counting.py` writes: so no foreign keys, whose checks the database would keep
    in memory for every row until the end of a transaction. A product that is gone is in no list, and leaves with its
    orders.
    """

    store_id = models.BigIntegerField()
    low_id = models.BigIntegerField()
    high_id = models.BigIntegerField()
    """Of products: the lower one first."""
    orders = models.IntegerField()

    objects = PairQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["store_id", "low_id", "high_id"], name="recommendations_pair_once")
        ]
        indexes = [
            models.Index(fields=["store_id", "high_id"], name="recommendations_pair_high"),
            models.Index(
                fields=["store_id", "-orders"],
                condition=models.Q(low_id=models.F("high_id")),
                name="recommendations_pair_most",
            ),
        ]
        verbose_name = _("pair of products")
        verbose_name_plural = _("pairs of products")

    def __str__(self) -> str:
        return f"{self.low_id} + {self.high_id}: {self.orders}"


class NeighbourKind(models.TextChoices):
    BOUGHT = "bought", _("Often bought together")
    SIMILAR = "similar", _("Similar products")


class Neighbours(MerchantOwned):
    """The products that stand beside one in a store, the best first. Written anew only where they have changed."""

    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, related_name="+", db_index=False)
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=NeighbourKind.choices)
    other_ids = ArrayField(models.BigIntegerField())
    scores = ArrayField(models.FloatField())
    """Of each of them; to be compared within one kind."""

    objects = NeighboursQuerySet.as_manager()

    class Meta:
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["store", "product", "kind"], name="recommendations_neighbours_once")
        ]
        verbose_name = _("neighbours of a product")
        verbose_name_plural = _("neighbours of products")

    def __str__(self) -> str:
        return f"{self.product_id}, {self.kind}: {self.other_ids}"


class Habit(MerchantOwned):
    """Something that a customer, or a company, buys regularly in a store, and when it will be due again."""

    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=with_its_maker, null=True, related_name="+")
    """Whose it is; of a company's, who ordered it last, while they have an account."""
    company = models.ForeignKey("companies.Company", on_delete=models.CASCADE, null=True, related_name="+")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    """As it is ordered: a variant itself."""
    times = models.PositiveIntegerField(_("days on which it was ordered"))
    days_between = models.PositiveIntegerField(_("days between them"))
    """The median."""
    last_on = models.DateField(_("last ordered"))
    due_on = models.DateField(_("due"))
    lapses_on = models.DateField(_("given up"))
    """From this day on it is no habit any more: a whole interval went by without it."""
    reminded_for = models.DateField(_("written to for"), null=True)
    """The last due date for which somebody was written to."""

    objects = HabitQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["store", "user", "product"],
                condition=models.Q(company=None),
                name="recommendations_habit_of_user",
            ),
            models.UniqueConstraint(
                fields=["store", "company", "product"],
                condition=models.Q(company__isnull=False),
                name="recommendations_habit_of_company",
            ),
        ]
        indexes = [models.Index(fields=["store", "due_on"], name="recommendations_habit_due")]
        verbose_name = _("habit")
        verbose_name_plural = _("habits")

    def __str__(self) -> str:
        return f"{self.product_id}: {self.due_on}"

"""What a merchant says of searches in a store: which words mean the same, and what some searches lead to."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned
from shop.stores.models import Store

LONGEST_TERM, LONGEST_QUERY = 60, 100
OF_THIS_STORE = RegexValidator(r"^/(?![/\\])[^\s\\]*$", _("An address of this store is needed, such as /catalogue/."))


class SynonymGroup(MerchantOwned):
    """Who seeks one of `terms` finds what is called one of `meanings` as well. All of them are folded."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="synonyms")
    terms = ArrayField(models.CharField(max_length=LONGEST_TERM), verbose_name=_("who seeks"))
    meanings = ArrayField(models.CharField(max_length=LONGEST_TERM), verbose_name=_("also finds"))
    works_both_ways = models.BooleanField(_("and the other way round"), default=True)

    class Meta:
        ordering = ["terms", "pk"]
        verbose_name = _("synonyms")
        verbose_name_plural = _("synonyms")

    def __str__(self) -> str:
        return f"{', '.join(self.terms)} {'↔' if self.works_both_ways else '→'} {', '.join(self.meanings)}"[:254]


class LedSearch(MerchantOwned):
    """A search that leads to products which stand first, or to an address instead of a list."""

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="led_searches")
    query = models.CharField(_("who seeks"), max_length=LONGEST_QUERY)
    """Folded."""
    leads_to = models.CharField(_("goes to"), max_length=200, blank=True, validators=[OF_THIS_STORE])

    class Meta:
        ordering = ["query", "pk"]
        verbose_name = _("led search")
        verbose_name_plural = _("led searches")
        constraints = [models.UniqueConstraint(fields=["store", "query"], name="merchandising_led_once_per_store")]

    def __str__(self) -> str:
        return self.query


class FirstProduct(MerchantOwned):
    """A product that stands first where a search leads to it."""

    search = models.ForeignKey(LedSearch, on_delete=models.CASCADE, related_name="firsts")
    product = models.ForeignKey("catalogue.Product", on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["search", "product"], name="merchandising_first_once_per_search")
        ]

    def __str__(self) -> str:
        return str(self.product_id)


class SearchCount(MerchantOwned):
    """How often something was sought in a store on a day, and how often nothing was found; nobody knows by whom.

    What finds nothing as it is written, and something as it was meant, is not in vain.
    """

    store = models.ForeignKey(Store, on_delete=models.CASCADE, related_name="+", db_index=False)
    day = models.DateField(_("day"))
    query = models.CharField(_("what was sought"), max_length=LONGEST_QUERY)
    """Folded."""
    searches = models.PositiveIntegerField(_("searches"))
    in_vain = models.PositiveIntegerField(_("without result"))
    mended = models.PositiveIntegerField(_("mended"), db_default=0)
    meant = models.CharField(_("found instead"), max_length=LONGEST_QUERY, db_default="")
    """Words by which something was found at last."""
    clicks = models.PositiveIntegerField(_("clicked"), db_default=0)
    """How many of the searches led to a product."""
    places = models.PositiveIntegerField(db_default=0)
    """Of what was clicked, added up: the first product of the first page stands at 1."""

    class Meta:
        default_permissions = ("view",)
        verbose_name = _("count of searches")
        verbose_name_plural = _("counts of searches")
        constraints = [models.UniqueConstraint(fields=["store", "day", "query"], name="merchandising_count_once_a_day")]

    def __str__(self) -> str:
        return f"{self.query} {self.day}"

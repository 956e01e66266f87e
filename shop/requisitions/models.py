"""Lists of what is ordered again and again: somebody's own, or shared by those who buy for a company."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.stores.fields import MerchantOwned

from .querysets import RequisitionLineQuerySet, RequisitionListQuerySet


def with_its_maker(collector: Any, field: models.Field, lists: models.QuerySet, using: str) -> None:
    """A list of one's own goes with its maker's account; one that a company shares stays with the company."""
    models.CASCADE(collector, field, lists.filter(company=None), using)
    models.SET_NULL(collector, field, lists.exclude(company=None), using)


class RequisitionList(MerchantOwned):
    """What somebody orders often, in one store, under a name."""

    store = models.ForeignKey("stores.Store", on_delete=models.CASCADE, related_name="requisition_lists")
    name = models.CharField(_("name"), max_length=100)
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=with_its_maker, null=True, related_name="requisition_lists"
    )
    company = models.ForeignKey(
        "companies.Company",
        verbose_name=_("shared in"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="requisition_lists",
    )
    """All of whose people see it; None: its maker alone."""
    made_at = models.DateTimeField(_("made"), auto_now_add=True)

    objects = RequisitionListQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("requisition list")
        verbose_name_plural = _("requisition lists")

    def __str__(self) -> str:
        return self.name


class RequisitionLine(MerchantOwned):
    """A product of a list and how many are usually ordered. It stays when the product goes, by its last name."""

    requisition_list = models.ForeignKey(RequisitionList, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey("catalogue.Product", on_delete=models.SET_NULL, null=True, related_name="+")
    sku = models.CharField(_("article number"), max_length=128, blank=True)
    title = models.CharField(_("title"), max_length=255)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    position = models.PositiveIntegerField(_("position"))

    objects = RequisitionLineQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["requisition_list", "product"], name="requisitions_product_once"),
            models.CheckConstraint(condition=models.Q(quantity__gte=1), name="requisitions_quantity"),
        ]
        verbose_name = _("line of a requisition list")
        verbose_name_plural = _("lines of requisition lists")

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

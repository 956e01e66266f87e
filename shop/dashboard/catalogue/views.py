"""Products with the stores that sell them; lists that ask as often for many rows as for one."""

from typing import Any

from oscar.apps.dashboard.catalogue import views as oscars

from shop.staff.reach import reach_of

from ..guards import WritesNeed


class ProductListView(WritesNeed, oscars.ProductListView):
    write_permission = "catalogue.change_product"


class CategoryListView(WritesNeed, oscars.CategoryListView):
    write_permission = "catalogue.change_category"


class CategoryDetailListView(WritesNeed, oscars.CategoryDetailListView):
    write_permission = "catalogue.change_category"


class ProductCreateUpdateView(oscars.ProductCreateUpdateView):
    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"reach": reach_of(self.request.user, "catalogue.change_product")}


class StockAlertListView(oscars.StockAlertListView):
    def get_queryset(self) -> Any:
        alerts = super().get_queryset().select_related("stockrecord__product__parent", "stockrecord__partner")
        return alerts.order_by("-date_created", "pk")


class AttributeOptionGroupListView(oscars.AttributeOptionGroupListView):
    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("options")

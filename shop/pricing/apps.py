from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

SEES, CHANGES = "pricing.view_pricelist", "pricing.change_pricelist"


class PricingConfig(application.OscarDashboardConfig):
    name = "shop.pricing"
    label = "pricing"
    verbose_name = _("Prices")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "price-lists": [SEES],
        "price-list": [SEES],
        "price-list-create": ["pricing.add_pricelist"],
        "price-list-edit": [CHANGES],
        "price-list-copy": ["pricing.add_pricelist"],
        "price-list-publish": [CHANGES],
        "price-list-prices": [SEES],
        "price-list-quantities": [SEES],
        "price-list-revisions": [SEES],
        "price-list-revision": [SEES],
        "price-list-revision-undo": [CHANGES],
        "price-quantities": [SEES],
        "price-why": [SEES],
    }

    def get_urls(self) -> list[Any]:
        from .dashboard import lists, prices, quantities, revisions, why

        urls = [
            path("", lists.PriceListListView.as_view(), name="price-lists"),
            path("create/", lists.create, name="price-list-create"),
            path("<int:pk>/", lists.price_list, name="price-list"),
            path("<int:pk>/edit/", lists.edit, name="price-list-edit"),
            path("<int:pk>/copy/", lists.copy, name="price-list-copy"),
            path("<int:pk>/publish/", lists.publish, name="price-list-publish"),
            path("<int:pk>/prices/", prices.prices, name="price-list-prices"),
            path("<int:pk>/quantities/", quantities.quantities, name="price-list-quantities"),
            path("<int:pk>/revisions/", revisions.revisions, name="price-list-revisions"),
            path("<int:pk>/revisions/<int:revision_id>/", revisions.revision, name="price-list-revision"),
            path("<int:pk>/revisions/<int:revision_id>/undo/", revisions.undo, name="price-list-revision-undo"),
            path("quantities/", quantities.quantities, name="price-quantities"),
            path("why/", why.why, name="price-why"),
        ]
        return self.post_process_urls(urls)

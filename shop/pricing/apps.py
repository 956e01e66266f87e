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
    }

    def get_urls(self) -> list[Any]:
        from .dashboard import lists

        urls = [
            path("", lists.PriceListListView.as_view(), name="price-lists"),
            path("<int:pk>/", lists.price_list, name="price-list"),
        ]
        return self.post_process_urls(urls)

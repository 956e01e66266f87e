from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application


class AttributionConfig(application.OscarDashboardConfig):
    name = "shop.attribution"
    label = "attribution"
    verbose_name = _("Where orders come from")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "affiliate-list": ["attribution.view_affiliate"],
        "affiliate-create": ["attribution.add_affiliate"],
        "affiliate": ["attribution.change_affiliate"],
    }

    def get_urls(self) -> list[Any]:
        from .dashboard import affiliates

        urls = [
            path("", affiliates.AffiliateListView.as_view(), name="affiliate-list"),
            path("create/", affiliates.AffiliateCreateView.as_view(), name="affiliate-create"),
            path("<int:pk>/", affiliates.AffiliateUpdateView.as_view(), name="affiliate"),
        ]
        return self.post_process_urls(urls)

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application


class CostsConfig(application.OscarDashboardConfig):
    name = "shop.costs"
    label = "costs"
    verbose_name = _("Costs")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {"cost-list": ["costs.view_unitcost"], "cost-import": ["costs.add_unitcost"]}

    def get_urls(self) -> list[Any]:
        from .dashboard import costs

        urls = [
            path("", costs.CostListView.as_view(), name="cost-list"),
            path("import/", costs.import_file, name="cost-import"),
        ]
        return self.post_process_urls(urls)

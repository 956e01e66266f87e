from typing import Any

from oscar.apps.dashboard.partners import apps

from ..denied import NOBODY


class PartnersDashboardConfig(apps.PartnersDashboardConfig):
    """Without Oscar's pages for a partner's users, which make anybody staff: the staff's page has them."""

    name = "shop.dashboard.partners"
    default_permissions = NOBODY

    def configure_permissions(self) -> None:
        super().configure_permissions()
        self.permissions_map["partner-manage"] = ["partner.view_partner", "partner.change_partner"]

    def get_urls(self) -> list[Any]:
        return [url for url in super().get_urls() if not url.name.startswith("partner-user-")]

from oscar.apps.dashboard.catalogue import apps

from ..denied import NOBODY


class CatalogueDashboardConfig(apps.CatalogueDashboardConfig):
    """Suppliers read the list of what they supply, and change nothing."""

    name = "shop.dashboard.catalogue"
    default_permissions = NOBODY
    FOR_SUPPLIERS = ("catalogue-product-list",)

    def configure_permissions(self) -> None:
        super().configure_permissions()
        for name, permissions in self.permissions_map.items():
            if isinstance(permissions, tuple) and name not in self.FOR_SUPPLIERS:
                self.permissions_map[name] = permissions[0]

from oscar.apps.dashboard.users import apps

from ..denied import NOBODY


class UsersDashboardConfig(apps.UsersDashboardConfig):
    name = "shop.dashboard.users"
    default_permissions = NOBODY

    def configure_permissions(self) -> None:
        self.permissions_map = {
            "users-index": ["accounts.see_customers"],
            "user-detail": ["accounts.see_customers"],
            "user-password-reset": ["accounts.see_customers", "accounts.manage_customers"],
            "user-alert-list": ["customer.view_productalert"],
            "user-alert-update": ["customer.view_productalert", "customer.change_productalert"],
            "user-alert-delete": ["customer.view_productalert", "customer.delete_productalert"],
        }

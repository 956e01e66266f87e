from django.utils.translation import gettext_lazy as _
from oscar.core import application


class InventoryConfig(application.OscarDashboardConfig):
    name = "shop.inventory"
    label = "inventory"
    verbose_name = _("Stock")
    default_auto_field = "django.db.models.BigAutoField"

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PriceFilesConfig(AppConfig):
    name = "shop.pricefiles"
    label = "pricefiles"
    verbose_name = _("Price files")
    default_auto_field = "django.db.models.BigAutoField"

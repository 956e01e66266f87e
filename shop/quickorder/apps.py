from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class QuickOrderConfig(AppConfig):
    name = "shop.quickorder"
    label = "quickorder"
    verbose_name = _("Quick order")

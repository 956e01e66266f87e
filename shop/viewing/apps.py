from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application


class ViewingConfig(application.OscarDashboardConfig):
    name = "shop.viewing"
    label = "viewing"
    verbose_name = _("Seeing as somebody else")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {"view-as": ["viewing.view_as"]}

    def ready(self) -> None:
        from . import receivers  # noqa: F401 - listens to sign-outs

    def get_urls(self) -> list[Any]:
        from .dashboard.views import view_as

        return self.post_process_urls([path("", view_as, name="view-as")])

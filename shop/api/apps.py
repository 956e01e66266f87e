from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application


class ApiConfig(application.OscarDashboardConfig):
    name = "shop.api"
    label = "api"
    verbose_name = _("API")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "api-key-list": ["api.view_apikey"],
        "api-key-create": ["api.add_apikey"],
        "api-key-revoke": ["api.change_apikey"],
    }

    def ready(self) -> None:
        from . import schema  # noqa: F401 - tells drf-spectacular of our classes

    def get_urls(self) -> list[Any]:
        from .dashboard import views

        urls = [
            path("", views.keys, name="api-key-list"),
            path("create/", views.create, name="api-key-create"),
            path("<int:pk>/revoke/", views.revoke, name="api-key-revoke"),
        ]
        return self.post_process_urls(urls)

from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

SEES, STARTS = "rehearsal.view_rehearsal", "rehearsal.add_rehearsal"


class RehearsalConfig(application.OscarDashboardConfig):
    name = "shop.rehearsal"
    label = "rehearsal"
    verbose_name = _("Rehearsals")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "price-list-rehearsal": [SEES],
        "price-list-rehearsal-start": [STARTS],
        "price-list-rehearsal-result": [SEES],
        "price-list-rehearsal-download": [SEES],
    }

    def get_urls(self) -> list[Any]:
        from .dashboard import views

        here = "<int:pk>/rehearsal/"
        urls = [
            path(here, views.rehearsals, name="price-list-rehearsal"),
            path(f"{here}start/", views.start, name="price-list-rehearsal-start"),
            path(f"{here}<int:rehearsal_id>/", views.ResultView.as_view(), name="price-list-rehearsal-result"),
            path(f"{here}<int:rehearsal_id>/download/", views.download, name="price-list-rehearsal-download"),
        ]
        return self.post_process_urls(urls)

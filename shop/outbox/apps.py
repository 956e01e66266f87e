from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

SEE, REPLAY = "outbox.view_delivery", "outbox.replay_delivery"


class OutboxConfig(application.OscarDashboardConfig):
    name = "shop.outbox"
    label = "outbox"
    verbose_name = _("Outbox")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {"outbox-list": [SEE], "outbox-replay": [REPLAY]}

    def get_urls(self) -> list[Any]:
        from .dashboard import views

        urls = [
            path("", views.DeliveryListView.as_view(), name="outbox-list"),
            path("replay/", views.replay, name="outbox-replay"),
        ]
        return self.post_process_urls(urls)

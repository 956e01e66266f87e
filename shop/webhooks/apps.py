from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application

SEES, REPLAYS = "webhooks.view_receivedwebhook", "webhooks.change_receivedwebhook"


class WebhooksConfig(application.OscarDashboardConfig):
    name = "shop.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {"webhook-list": [SEES], "webhook": [SEES], "webhook-replay": [REPLAYS]}

    def get_urls(self) -> list[Any]:
        from .dashboard import views

        urls = [
            path("", views.WebhookListView.as_view(), name="webhook-list"),
            path("<int:pk>/", views.WebhookView.as_view(), name="webhook"),
            path("<int:pk>/replay/", views.replay, name="webhook-replay"),
        ]
        return self.post_process_urls(urls)

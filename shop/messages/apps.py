from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application


class MessagesConfig(application.OscarDashboardConfig):
    name = "shop.messages"
    label = "messaging"  # Django has "messages"
    verbose_name = _("Messages")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {
        "message-list": ["messaging.view_message"],
        "message": ["messaging.view_message"],
        "message-templates": ["messaging.change_messagetemplate"],
        "message-template": ["messaging.change_messagetemplate"],
        "message-template-preview": ["messaging.change_messagetemplate"],
        "message-template-reset": ["messaging.change_messagetemplate"],
    }

    def ready(self) -> None:
        super().ready()
        from shop.outbox.consumers import subscribe

        from . import actions, consumers, receivers  # noqa: F401 - receivers connect themselves
        from .kinds import BY_EVENT

        subscribe("messages", BY_EVENT.keys(), consumers.write_of)
        subscribe("messages.send", {actions.QUEUED}, consumers.send)

    def get_urls(self) -> list[Any]:
        from .dashboard import record, templates

        one = "templates/<int:store_id>/<slug:kind>/<slug:channel>/<slug:language>/"
        urls = [
            path("", record.MessageListView.as_view(), name="message-list"),
            path("<int:pk>/", record.MessageView.as_view(), name="message"),
            path("templates/", templates.template_list, name="message-templates"),
            path(one, templates.edit, name="message-template"),
            path(f"{one}preview/", templates.preview, name="message-template-preview"),
            path(f"{one}reset/", templates.reset, name="message-template-reset"),
        ]
        return self.post_process_urls(urls)

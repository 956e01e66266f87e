from typing import Any

from django.urls import path
from django.utils.translation import gettext_lazy as _
from oscar.core import application


class AuditConfig(application.OscarDashboardConfig):
    name = "shop.audit"
    label = "audit"
    verbose_name = _("Audit trail")
    default_auto_field = "django.db.models.BigAutoField"
    permissions_map = {"audit-trail": ["audit.view_auditentry"]}

    def get_urls(self) -> list[Any]:
        from .dashboard.views import TrailView

        return self.post_process_urls([path("", TrailView.as_view(), name="audit-trail")])

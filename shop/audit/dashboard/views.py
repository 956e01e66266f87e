"""The trail, for owners."""

from typing import Any

from django.db.models import QuerySet

from shop.audit.models import AuditEntry
from shop.dashboard.lists import FoundList

from .details import details_of, target_of
from .forms import TrailForm


class TrailView(FoundList):
    template_name = "dashboard/audit_trail.html"
    context_object_name = "entries"
    form_class = TrailForm

    def found(self, said: dict[str, Any]) -> QuerySet[AuditEntry]:
        return AuditEntry.objects.select_related("store").matching(**said)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["rows"] = [(entry, target_of(entry), details_of(entry)) for entry in context["entries"]]
        return context

"""The trail, for owners."""

from typing import Any

from django.db.models import QuerySet
from django.views.generic import ListView

from shop.audit.models import AuditEntry

from .forms import TrailForm


class TrailView(ListView):
    template_name = "dashboard/audit_trail.html"
    context_object_name = "entries"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[AuditEntry]:
        self.form = TrailForm(self.request.GET)
        entries = AuditEntry.objects.select_related("store")
        return entries.matching(**self.form.cleaned_data) if self.form.is_valid() else entries

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(form=self.form, query=query.urlencode(), **kwargs)

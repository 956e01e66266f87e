"""Lists in pages, of what a form in their address finds."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.forms import Form
from django.views.generic import ListView

from shop.staff.requests import StaffRequest


class FoundList(ListView):
    """Fifty a page. Its template includes `dashboard/list_filter.html` and `dashboard/pages.html`."""

    request: StaffRequest
    form: Form
    paginate_by = 50
    form_class: type[Form]
    unasked: ClassVar[Mapping[str, str]] = {}
    """What the form says where the address says nothing."""

    def get_queryset(self) -> QuerySet:
        self.form = self.form_class(self.request.GET or self.unasked)
        return self.found(self.form.cleaned_data if self.form.is_valid() else {})

    def found(self, said: dict[str, Any]) -> QuerySet:
        """What to show; a wrong form says nothing."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form=self.form, **kwargs)

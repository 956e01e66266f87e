"""Customer groups."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, ProtectedError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import CreateView, DeleteView, ListView, UpdateView

from shop.audit.actions import record
from shop.companies.models import CustomerGroup
from shop.dashboard.recorded import RecordedForm
from shop.staff.requests import StaffRequest

from .forms import GroupForm

LIST = reverse_lazy("dashboard:customer-group-list")


class GroupListView(ListView):
    template_name = "dashboard/customer_groups.html"
    context_object_name = "groups"
    queryset = CustomerGroup.objects.annotate(size=Count("companies"))


class _GroupForm(RecordedForm):
    model = CustomerGroup
    form_class = GroupForm
    success_url = LIST
    title = gettext_lazy("Customer group")

    def details(self, form: Any) -> dict[str, Any]:
        return {"code": form.instance.code}


class GroupCreateView(_GroupForm, CreateView):
    deed = "company.group_added"


class GroupUpdateView(_GroupForm, UpdateView):
    deed = "company.group_changed"


class GroupDeleteView(DeleteView):
    request: StaffRequest
    model = CustomerGroup
    template_name = "dashboard/confirm_delete.html"
    success_url = LIST

    def form_valid(self, form: Any) -> HttpResponse:
        """A group that companies belong to stays."""
        group = self.get_object()
        try:
            response = super().form_valid(form)
        except ProtectedError:
            messages.error(self.request, _("Companies belong to this group: move them first."))
            return redirect(LIST)
        record("company.group_removed", by=self.request.user, target=group, code=group.code)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=LIST, **kwargs)

"""Who sends buyers."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import CreateView, ListView, UpdateView
from django.views.generic.detail import SingleObjectTemplateResponseMixin
from django.views.generic.edit import ModelFormMixin, ProcessFormView

from shop.attribution.models import Affiliate
from shop.audit.actions import record
from shop.staff.requests import StaffRequest

LIST = reverse_lazy("dashboard:affiliate-list")


class AffiliateForm(forms.ModelForm):
    class Meta:
        model = Affiliate
        fields = ["name", "code", "kind", "is_active"]

    def clean_code(self) -> str:
        """Links are compared in lower case."""
        return self.cleaned_data["code"].lower()


class AffiliateListView(ListView):
    template_name = "dashboard/affiliates.html"
    context_object_name = "affiliates"
    queryset = Affiliate.objects.annotate(orders=Count("sources__orders"))


class _Recorded(SingleObjectTemplateResponseMixin, ModelFormMixin, ProcessFormView):
    """What is saved stands in the trail."""

    request: StaffRequest
    model = Affiliate
    form_class = AffiliateForm
    template_name = "dashboard/form.html"
    success_url = LIST
    deed: str

    def form_valid(self, form: AffiliateForm) -> HttpResponse:
        response = super().form_valid(form)
        record(self.deed, by=self.request.user, target=form.instance, changed=form.changed_data)
        messages.success(self.request, _("Saved."))
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=_("Affiliate"), back=LIST, **kwargs)


class AffiliateCreateView(_Recorded, CreateView):
    deed = "affiliate.added"


class AffiliateUpdateView(_Recorded, UpdateView):
    deed = "affiliate.changed"

"""Who sends buyers."""

from django import forms
from django.db.models import Count
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from django.views.generic import CreateView, ListView, UpdateView

from shop.attribution.models import Affiliate
from shop.dashboard.recorded import RecordedForm

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


class _AffiliateForm(RecordedForm):
    model = Affiliate
    form_class = AffiliateForm
    success_url = LIST
    title = gettext_lazy("Affiliate")


class AffiliateCreateView(_AffiliateForm, CreateView):
    deed = "affiliate.added"


class AffiliateUpdateView(_AffiliateForm, UpdateView):
    deed = "affiliate.changed"

"""What delivery costs in the stores within reach."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.generic import CreateView, DeleteView, ListView, UpdateView
from django.views.generic.detail import SingleObjectTemplateResponseMixin
from django.views.generic.edit import ModelFormMixin, ProcessFormView

from shop.shipping.models import DeliveryRate
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest

from ..stores import shown_reach
from .forms import DeliveryRateForm


class DeliveryRateListView(ListView):
    request: StaffRequest
    template_name = "dashboard/delivery_rates.html"
    context_object_name = "rates"

    def get_queryset(self) -> QuerySet[DeliveryRate]:
        reach = shown_reach(self.request, "shipping.view_deliveryrate")
        return reach.within(DeliveryRate.objects.select_related("store").order_by("store__name", "position", "pk"))


class _OfReach(SingleObjectTemplateResponseMixin, ModelFormMixin, ProcessFormView):
    request: StaffRequest
    model = DeliveryRate
    form_class = DeliveryRateForm
    template_name = "dashboard/form.html"
    success_url = reverse_lazy("dashboard:delivery-rate-list")
    permission: str

    def get_queryset(self) -> QuerySet[DeliveryRate]:
        return reach_of(self.request.user, self.permission).within(DeliveryRate.objects.all())

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "reach": reach_of(self.request.user, self.permission)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(title=_("Delivery rate"), back=self.success_url, **kwargs)

    def form_valid(self, form: Any) -> Any:
        messages.success(self.request, _("Saved."))
        return super().form_valid(form)


class DeliveryRateCreateView(_OfReach, CreateView):
    permission = "shipping.add_deliveryrate"


class DeliveryRateUpdateView(_OfReach, UpdateView):
    permission = "shipping.change_deliveryrate"


class DeliveryRateDeleteView(DeleteView):
    request: StaffRequest
    template_name = "dashboard/confirm_delete.html"
    success_url = reverse_lazy("dashboard:delivery-rate-list")

    def get_queryset(self) -> QuerySet[DeliveryRate]:
        return reach_of(self.request.user, "shipping.delete_deliveryrate").within(DeliveryRate.objects.all())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back=self.success_url, **kwargs)

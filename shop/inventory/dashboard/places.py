"""Where goods are kept, and how each store takes them."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.generic import ListView

from shop.inventory.actions.locations import save_location, set_policy
from shop.inventory.errors import StockRefused
from shop.inventory.models import Location, StockPolicy
from shop.inventory.shelves import policy_of
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest

from .forms import LocationForm, PolicyForm


class LocationListView(ListView):
    request: StaffRequest
    template_name = "dashboard/locations.html"
    context_object_name = "locations"

    def get_queryset(self) -> QuerySet[Location]:
        locations = Location.objects.select_related("country").order_by("-is_active", "priority", "pk")
        return locations.annotate(on_hand=Sum("levels__on_hand"), allocated=Sum("levels__allocated"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        stores = reach_of(self.request.user, "inventory.change_stockpolicy").stores()
        kept = {policy.store_id: policy for policy in StockPolicy.objects.filter(store__in=stores)}
        policies = [(store, kept.get(store.pk) or StockPolicy(store=store)) for store in stores.order_by("name")]
        return super().get_context_data(policies=policies, **kwargs)


@require_http_methods(["GET", "POST"])
def edit_location(request: StaffRequest, pk: int | None = None) -> HttpResponse:
    location = get_object_or_404(Location, pk=pk) if pk else Location()
    form = LocationForm(request.POST or None, instance=location)
    if form.is_valid():
        try:
            save_location(form.instance, by=request.user)
        except StockRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("dashboard:location-list")
    title = _("Location") if pk else _("New location")
    return render(
        request, "dashboard/form.html", {"form": form, "title": title, "back": reverse("dashboard:location-list")}
    )


@require_http_methods(["GET", "POST"])
def edit_policy(request: StaffRequest, pk: int) -> HttpResponse:
    """How one of the stores within reach takes stock."""
    store = get_object_or_404(reach_of(request.user, "inventory.change_stockpolicy").stores(), pk=pk)
    form = PolicyForm(request.POST or None, instance=policy_of(store.pk))
    if form.is_valid():
        set_policy(form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("dashboard:location-list")
    title = _("How %(store)s takes stock") % {"store": store}
    return render(
        request, "dashboard/form.html", {"form": form, "title": title, "back": reverse("dashboard:location-list")}
    )

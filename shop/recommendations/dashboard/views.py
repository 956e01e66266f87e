"""What is recommended, of which products and why, and what each store shows of it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from shop.catalogue.models import Product
from shop.dashboard.stores import shown_reach
from shop.recommendations.actions import save_settings
from shop.recommendations.models import NeighbourKind, Neighbours, RecommendationSettings
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest
from shop.stores.models import Store

SEES, CHANGES = "recommendations.view_neighbours", "recommendations.change_recommendationsettings"
MOST_FOUND = 50


class SearchForm(forms.Form):
    q = forms.CharField(label=gettext_lazy("Title or number of a product"), required=False, max_length=200)


class SettingsForm(forms.ModelForm):
    class Meta:
        model = RecommendationSettings
        fields = ["shows_bought", "shows_similar", "reminds"]


@require_safe
def overview(request: StaffRequest) -> HttpResponse:
    """The stores with what they show, and the way to a product."""
    stores = shown_reach(request, SEES).stores().order_by("name")
    kept = {each.store_id: each for each in RecommendationSettings.objects.filter(store__in=stores)}
    rows = [(store, kept.get(store.pk) or RecommendationSettings(store=store)) for store in stores]
    form = SearchForm(request.GET or None)
    found = _found(form.cleaned_data["q"]) if form.is_valid() and form.cleaned_data["q"] else []
    may_change = reach_of(request.user, CHANGES)
    changeable = {store.pk for store in stores if may_change.covers(store.pk)}
    said = {"rows": rows, "form": form, "found": found, "changeable": changeable}
    return render(request, "dashboard/recommendations.html", said)


def _found(said: str) -> list[Product]:
    named = Product.objects.browsable().filter(Q(title__icontains=said) | Q(upc__istartswith=said))
    return list(named.order_by("title", "pk")[:MOST_FOUND])


@require_safe
def of_product(request: StaffRequest, pk: int) -> HttpResponse:
    """What stands beside it in each store within reach, with how much speaks for it."""
    product = get_object_or_404(Product.objects.browsable(), pk=pk)
    stores = list(shown_reach(request, SEES).stores().order_by("name"))
    held = {(row.store_id, row.kind): row for row in Neighbours.objects.filter(store__in=stores, product=product)}
    others = Product.objects.in_bulk({other for row in held.values() for other in row.other_ids})
    rows = [
        (store, kind.label, _scored(held.get((store.pk, kind.value)), others))
        for store in stores
        for kind in NeighbourKind
    ]
    return render(request, "dashboard/recommendations_of.html", {"product": product, "rows": rows})


def _scored(row: Neighbours | None, others: dict[int, Any]) -> list[tuple[Product, float]]:
    if row is None:
        return []
    return [(others[pk], score) for pk, score in zip(row.other_ids, row.scores, strict=True) if pk in others]


@require_http_methods(["GET", "POST"])
def edit_settings(request: StaffRequest, pk: int) -> HttpResponse:
    """Of one of the stores within reach."""
    store: Store = get_object_or_404(reach_of(request.user, CHANGES).stores(), pk=pk)
    kept = RecommendationSettings.objects.filter(store=store).first() or RecommendationSettings(store=store)
    form = SettingsForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        save_settings(form.instance, by=request.user, changed=form.changed_data)
        messages.success(request, _("Saved."))
        return redirect("dashboard:recommendation-list")
    title = _("What %(store)s recommends") % {"store": store}
    return render(
        request, "dashboard/form.html", {"form": form, "title": title, "back": reverse("dashboard:recommendation-list")}
    )

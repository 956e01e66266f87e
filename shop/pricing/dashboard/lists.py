"""Price lists, as staff find them and look at their terms."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.generic import ListView

from shop.pricing.models import PriceList
from shop.staff.requests import StaffRequest

from .forms import PriceListSearchForm
from .frame import price_list_of
from .querysets import MOST_COUNTED, with_size

LEANING = 20
"""Of the lists that lean on one, as many are named."""


class PriceListListView(ListView):
    request: StaffRequest
    template_name = "dashboard/price_lists.html"
    context_object_name = "price_lists"
    paginate_by = 50

    def get_queryset(self) -> QuerySet[PriceList]:
        self.form = PriceListSearchForm(self.request.GET)
        lists = with_size(PriceList.objects.select_related("company", "group", "store"))
        if not self.form.is_valid():
            return lists
        said = self.form.cleaned_data
        lists = lists.matching(said["q"]) if said["q"] else lists
        lists = lists.filter(level=said["level"]) if said["level"] else lists
        return lists.in_state(said["state"], timezone.now()) if said["state"] else lists

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        query = self.request.GET.copy()
        query.pop("page", None)
        return super().get_context_data(form=self.form, query=query.urlencode(), most=MOST_COUNTED, **kwargs)


@require_GET
def price_list(request: StaffRequest, pk: int) -> HttpResponse:
    """Its terms."""
    shown = price_list_of(pk)
    context = {"price_list": shown, "section": "terms", "leaning": shown.leaning.all()[:LEANING]}
    return render(request, "dashboard/price_list.html", context)

"""What is sought in the stores, and what is not found."""

from datetime import timedelta
from typing import Any

from django.db.models import F, Max, QuerySet, Sum
from django.db.models.functions import NullIf
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from shop.dashboard.stores import shown_reach
from shop.staff.requests import StaffRequest
from shop.stores.models import Store

from ..models import SearchCount

PERIODS = {7: _("7 days"), 30: _("30 days"), 90: _("90 days"), 365: _("a year")}
MOST_SHOWN = 50


@require_GET
def report(request: StaffRequest) -> HttpResponse:
    """Of each store within reach, over the last days, today included."""
    asked = request.GET.get("days", "")
    days = int(asked) if asked in map(str, PERIODS) else 30
    since = timezone.localdate() - timedelta(days=days - 1)
    stores = shown_reach(request, "merchandising.view_searchcount").stores()
    shown = [_of_store(store, SearchCount.objects.filter(store=store, day__gte=since)) for store in stores]
    return render(request, "dashboard/search_report.html", {"shown": shown, "periods": PERIODS, "days": days})


def _of_store(store: Store, counts: QuerySet[SearchCount]) -> dict[str, Any]:
    totals = counts.aggregate(
        searches=Sum("searches", default=0), in_vain=Sum("in_vain", default=0), clicks=Sum("clicks", default=0)
    )
    by_query = (
        counts.values("query")
        .annotate(times=Sum("searches"), vain=Sum("in_vain"), mends=Sum("mended"), instead=Max("meant"))
        .annotate(clicked=Sum("clicks"))
        .annotate(share=F("clicked") * 100 / F("times"), place=Sum("places") * 1.0 / NullIf(F("clicked"), 0))
    )
    return {
        "store": store,
        "totals": totals | {"share": totals["clicks"] * 100 // (totals["searches"] or 1)},
        "sought": by_query.order_by("-times", "query")[:MOST_SHOWN],
        "mended": by_query.filter(mends__gt=0).order_by("-mends", "query")[:MOST_SHOWN],
        "in_vain": by_query.filter(vain__gt=0).order_by("-vain", F("times").asc(), "query")[:MOST_SHOWN],
    }

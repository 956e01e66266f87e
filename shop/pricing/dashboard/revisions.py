"""The revisions of a list: who changed what and when, what is yet to come, and undoing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shop.pricing.actions import undo_revision
from shop.pricing.errors import PricingRefused
from shop.pricing.models import Revision
from shop.staff.requests import StaffRequest

from .frame import price_list_of
from .history import page_of_changes
from .querysets import MOST_COUNTED, with_changes

PAGE_SIZE = 25


@require_GET
def revisions(request: StaffRequest, pk: int) -> HttpResponse:
    price_list = price_list_of(pk)
    found = with_changes(price_list.revisions.select_related("by"))
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"price_list": price_list, "section": "revisions", "page_obj": page, "most": MOST_COUNTED}
    return render(request, "dashboard/price_list_revisions.html", context)


@require_GET
def revision(request: StaffRequest, pk: int, revision_id: int) -> HttpResponse:
    return _page(request, _revision(pk, revision_id), is_asking=False)


@require_http_methods(["GET", "POST"])
def undo(request: StaffRequest, pk: int, revision_id: int) -> HttpResponse:
    """Ask whether a revision shall be undone, unless it is, and undo it."""
    undone = _revision(pk, revision_id)
    if request.method != "POST":
        return _page(request, undone, is_asking=True)
    try:
        made = undo_revision(undone, by=request.user)
    except PricingRefused as refusal:
        messages.error(request, str(refusal))
    else:
        values = {"number": undone.number, "undoing": made.number}
        messages.success(request, _("Revision %(number)d is undone by revision %(undoing)d.") % values)
    return redirect("dashboard:price-list-revisions", pk)


def _revision(pk: int, revision_id: int) -> Revision:
    """Raises `Http404`."""
    found = with_changes(Revision.objects.select_related("by", "price_list"))
    return get_object_or_404(found, price_list=pk, pk=revision_id)


def _page(request: StaffRequest, revision: Revision, *, is_asking: bool) -> HttpResponse:
    context = {
        "price_list": price_list_of(revision.price_list_id),
        "section": "revisions",
        "revision": revision,
        "changes": page_of_changes(revision, request.GET.get("after", "")),
        "is_first": not request.GET.get("after"),
        "is_asking": is_asking,
    }
    return render(request, "dashboard/price_list_revision.html", context)

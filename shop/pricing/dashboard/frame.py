"""What all pages of a price list stand in."""

from django.shortcuts import get_object_or_404

from shop.pricing.models import PriceList
from shop.staff.requests import StaffRequest

NEVER = -1


def price_list_of(pk: int) -> PriceList:
    """The list that an address names, with all that the head of its pages says. Raises `Http404`."""
    return get_object_or_404(PriceList.objects.select_related("company", "group", "store", "base"), pk=pk)


def number_seen(request: StaffRequest) -> int:
    """The number of the list's last revision when the form that was sent was opened."""
    seen = request.POST.get("seen", "")
    return int(seen) if seen.isdecimal() and len(seen) < 10 else NEVER

"""What a visitor looked at of late: a page, and for htmx the part of a product's page that shows it.

That part asks for itself, once somebody scrolls so far: it is of one visitor and of their prices, and changes with each
product that they look at, so that a page which held it could not leave without the database.
"""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from shop.catalogue.shown import Shown

from .history import seen_of_late

SHOWN = 6
SPARE = 2
"""So many more are loaded, since what was seen may not be listed any more."""
BESIDES = "besides"
"""The parameter that names the product whose page it is, which is left out."""


@never_cache
@require_safe
def recently_seen(request: HttpRequest) -> HttpResponse:
    ids = [pk for pk in seen_of_late(request) if str(pk) != request.GET.get(BESIDES)]
    sold = Shown(ids[: SHOWN + SPARE], request.store).sold()  # type: ignore[attr-defined]
    name = "seen_part.html" if "HX-Request" in request.headers else "seen.html"
    response = TemplateResponse(request, f"oscar/customer/{name}", {"products": list(sold.values())[:SHOWN]})
    patch_vary_headers(response, ["HX-Request"])
    return response

"""The beacon of a product's page: whoever looks at it is counted, whether the page was made for them or kept."""

from base64 import b64decode

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods
from oscar.apps.catalogue.signals import product_viewed

from shop.catalogue.models import Product

PIXEL = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""A transparent GIF, for browsers without scripts, which ask by GET."""


@csrf_exempt  # it does what any look at the page does, and a beacon brings no token
@never_cache
@require_http_methods(["GET", "POST"])
def seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts a view, and keeps what was seen of late in the visitor's cookie. Raises `Http404` for what the store does
    not show."""
    store = request.store  # type: ignore[attr-defined]
    product = Product.objects.visible().for_store(store).filter(pk=pk).first()
    if product is None:
        raise Http404
    response = HttpResponse(status=204) if request.method == "POST" else HttpResponse(PIXEL, content_type="image/gif")
    product_viewed.send(sender=seen, product=product, user=request.user, request=request, response=response)
    return response

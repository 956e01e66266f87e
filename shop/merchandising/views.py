"""The beacons of a page of results: that it was looked at, and which of its products was chosen."""

from django.core.signing import BadSignature
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from .counting import note_click, note_sealed


@csrf_exempt  # a beacon brings no token, and repeats only what one of our pages has signed
@require_POST
def sought(request: HttpRequest, said: str) -> HttpResponse:
    """Counts a search. Raises `Http404` for what no page of this store said."""
    store, agent = request.store, request.headers.get("User-Agent", "")  # type: ignore[attr-defined]
    try:
        note_sealed(store.pk, said, user_agent=agent)
    except BadSignature:
        raise Http404 from None
    return HttpResponse(status=204)


@csrf_exempt  # as above
@require_POST
def chosen(request: HttpRequest, said: str, place: int) -> HttpResponse:
    """Counts that a search led to the product at this place. Raises `Http404` likewise."""
    store, agent = request.store, request.headers.get("User-Agent", "")  # type: ignore[attr-defined]
    try:
        note_click(store.pk, said, place=place, user_agent=agent)
    except BadSignature:
        raise Http404 from None
    return HttpResponse(status=204)

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from shop.accounts.views.frame import safe_path

from .choice import choose, remember


@require_POST
def choose_currency(request: HttpRequest) -> HttpResponse:
    """By one click, from any page. The basket stays as it is, at its prices in that currency."""
    code = request.POST.get("currency", "")
    if not choose(request, code):
        return HttpResponseBadRequest()
    response = redirect(safe_path(request, request.POST.get("next")) or "/")
    remember(response, code)
    return response

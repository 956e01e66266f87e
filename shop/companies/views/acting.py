"""Whom the visitor buys for, chosen by one click from any page."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from shop.accounts.views.frame import safe_path
from shop.companies.acting import choose
from shop.stores.keys import key_in


@require_POST
@login_required
def choose_company(request: HttpRequest) -> HttpResponse:
    """The basket stays as it is; its prices are those of whom it is for."""
    company_id = key_in(request.POST.get("company", ""))
    if company_id is None or not choose(request, company_id):
        raise Http404
    return redirect(safe_path(request, request.POST.get("next")) or "/")

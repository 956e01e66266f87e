"""Whom the visitor buys for, chosen by one click from any page."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from shop.accounts.views.frame import safe_path
from shop.companies.acting import choose


@require_POST
@login_required
def choose_company(request: HttpRequest) -> HttpResponse:
    """The basket stays as it is; its prices are those of whom it is for."""
    company_id = request.POST.get("company", "")
    is_number = company_id.isascii() and company_id.isdigit() and len(company_id) < 20
    if not (is_number and choose(request, int(company_id))):
        raise Http404
    return redirect(safe_path(request, request.POST.get("next")) or "/")

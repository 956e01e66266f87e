"""What the pages of a company have in common: its people look, its administrators write, nobody else finds them."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from shop.companies import locks
from shop.companies.models import Membership

View = Callable[..., HttpResponse]


def for_members(view: View) -> View:
    """Hand the view the visitor's membership in the company of the address. Whoever has none finds nothing."""

    @wraps(view)
    def inner(request: HttpRequest, company_id: int, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            locks.companies().filter(pk=company_id).first()  # rights are read behind whatever changes them just now
        membership = Membership.objects.usable_by(request.user).filter(company=company_id).first()
        if membership is None:
            raise Http404
        return view(request, membership, **kwargs)

    return never_cache(login_required(inner))


def for_admins(view: View) -> View:
    """As `for_members`, of administrators."""

    @wraps(view)
    def inner(request: HttpRequest, membership: Membership, **kwargs: Any) -> HttpResponse:
        if not membership.rights.may_administer:
            raise PermissionDenied
        return view(request, membership, **kwargs)

    return for_members(inner)


def page(
    request: HttpRequest, template: str, membership: Membership, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of the company, in the frame of the account pages."""
    frame = {
        "membership": membership,
        "company": membership.company,
        "active_tab": f"company-{membership.company_id}",
        "page_title": membership.company.name,
    }
    return render(request, f"companies/{template}.html", {**frame, **context}, status=status)

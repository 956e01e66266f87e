"""Answers about a store's content that are no pages."""

from dataclasses import asdict

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from shop.companies.acting import company_of
from shop.search.forms import typed

from .frame import frame_of
from .sitemaps import entries_of, parts_of
from .suggestions import suggestions_for

AN_HOUR = {"Cache-Control": "public, max-age=3600"}


@require_safe
def store_stylesheet(request: HttpRequest) -> HttpResponse:
    """The store's own style sheet; kept for ever under the address of its version, and briefly under any other."""
    frame = frame_of(request.store)  # type: ignore[attr-defined]
    is_current = bool(frame.stylesheet) and request.GET.get("v") == frame.stylesheet_version
    age = "max-age=31536000, immutable" if is_current else "max-age=60"
    headers = {"Cache-Control": f"public, {age}", "X-Content-Type-Options": "nosniff"}
    return HttpResponse(frame.stylesheet, content_type="text/css; charset=utf-8", headers=headers)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """What search engines are asked to leave alone (RFC 9309)."""
    return TemplateResponse(request, "robots.txt", content_type="text/plain; charset=utf-8", headers=AN_HOUR)


@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of the store's sitemaps."""
    context = {"parts": parts_of(request.store)}  # type: ignore[attr-defined]
    return TemplateResponse(request, "sitemap.xml", context, content_type="application/xml", headers=AN_HOUR)


@require_safe
def sitemap_part(request: HttpRequest, slug: str) -> HttpResponse:
    """One of the store's sitemaps."""
    try:
        context = {"entries": entries_of(request.store, slug)}  # type: ignore[attr-defined]
    except LookupError as error:
        raise Http404 from error
    return TemplateResponse(request, "sitemap_part.xml", context, content_type="application/xml", headers=AN_HOUR)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What may be meant by what is typed so far, as JSON: products, categories, pages; each with its address."""
    company = company_of(request)
    company_id = company.pk if company else None
    found = suggestions_for(typed(request.GET.get("q", "")), request.store, company_id=company_id)  # type: ignore[attr-defined]
    return JsonResponse({"suggestions": [asdict(each) for each in found]}, headers={"Cache-Control": "private"})

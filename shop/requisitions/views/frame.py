"""What the pages of requisition lists have in common: whose lists are seen, and the frame of the account pages."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from shop.companies.acting import company_of
from shop.companies.models import Company
from shop.quickorder.buyers import may_order
from shop.requisitions import actions
from shop.requisitions.forms import ListForm
from shop.requisitions.models import RequisitionList
from shop.requisitions.querysets import RequisitionListQuerySet

GET_POST = ["GET", "HEAD", "POST"]


def visible_lists(request: HttpRequest) -> RequisitionListQuerySet:
    in_store = RequisitionList.objects.for_store(request.store)  # type: ignore[attr-defined]
    return in_store.visible_to(request.user, company=company_of(request))


def shareable_in(request: HttpRequest) -> Company | None:
    """The company in which the visitor may share a list: the one that they order for."""
    return company_of(request) if may_order(request) else None


def make(request: HttpRequest, form: ListForm) -> RequisitionList:
    store, name = request.store, form.cleaned_data["name"]  # type: ignore[attr-defined]
    return actions.make_list(name, store=store, maker=request.user, company=form.shared_in)


def page(request: HttpRequest, template: str, title: str, **context: Any) -> HttpResponse:
    frame = {"active_tab": "requisitions", "page_title": title}
    return TemplateResponse(request, f"requisitions/{template}.html", {**frame, **context})

"""The queue of those who want a trade account."""

from typing import Any, ClassVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from shop.accounts.views.frame import origin
from shop.companies.actions import applications as actions
from shop.companies.errors import CompanyRefused
from shop.companies.models import Application, ApplicationStatus
from shop.dashboard.lists import FoundList
from shop.staff.requests import StaffRequest
from shop.stores.current import serving

from .forms import ApplicationSearchForm, CompanyForm, DeclineForm
from .querysets import applications_shown


class ApplicationListView(FoundList):
    """Those that wait, unless others are asked for."""

    template_name = "dashboard/applications.html"
    context_object_name = "applications"
    form_class = ApplicationSearchForm
    unasked: ClassVar = {"status": ApplicationStatus.PENDING}

    def found(self, said: dict[str, Any]) -> QuerySet[Application]:
        applications, status = applications_shown(self.request), said.get("status")
        return applications if status == "all" else applications.filter(status=status or ApplicationStatus.PENDING)


@require_GET
def application(request: StaffRequest, application_id: int) -> HttpResponse:
    return _page(request, _application(request, application_id))


@require_POST
def approve(request: StaffRequest, application_id: int) -> HttpResponse:
    approved = _application(request, application_id)
    form = CompanyForm(request.POST, instance=actions.company_of(approved))
    if form.is_valid():
        try:
            with serving(approved.store):
                company = actions.approve(approved, form.instance, by=request.user, origin=_origin(request, approved))
            messages.success(request, _("%(company)s is open, and the applicant has mail.") % {"company": company})
            return redirect("dashboard:company", company.pk)
        except CompanyRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("dashboard:application", application_id)
    return _page(request, approved, form=form)


@require_POST
def decline(request: StaffRequest, application_id: int) -> HttpResponse:
    declined, form = _application(request, application_id), DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, declined, decline_form=form)
    try:
        with serving(declined.store):
            actions.decline(
                declined, reason=form.cleaned_data["reason"], by=request.user, origin=_origin(request, declined)
            )
        messages.success(request, _("The application is declined, and the applicant has mail."))
    except CompanyRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:application", application_id)


def _origin(request: StaffRequest, application: Application) -> str:
    """Letters come from the store that was asked, wherever staff sit."""
    return origin(request) if application.store == request.store else application.store.origin


def _application(request: StaffRequest, application_id: int) -> Application:
    return get_object_or_404(applications_shown(request).select_related("store__site"), pk=application_id)


def _page(
    request: StaffRequest,
    application: Application,
    *,
    form: CompanyForm | None = None,
    decline_form: DeclineForm | None = None,
) -> HttpResponse:
    context = {
        "application": application,
        "form": form or CompanyForm(instance=actions.company_of(application)),
        "decline_form": decline_form or DeclineForm(),
    }
    return render(request, "dashboard/application.html", context)

"""The units of a company, as staff put them right."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from shop.companies.actions import premises as actions
from shop.companies.errors import CompanyRefused
from shop.companies.forms import UnitForm
from shop.companies.models import Unit
from shop.staff.requests import StaffRequest

from .querysets import companies_shown


@require_http_methods(["GET", "POST"])
def unit(request: StaffRequest, company_id: int, unit_id: int | None = None) -> HttpResponse:
    """Adds one, or changes one."""
    company = get_object_or_404(companies_shown(request), pk=company_id)
    changed = get_object_or_404(company.units, pk=unit_id) if unit_id else Unit(company=company)
    form, back = UnitForm(request.POST or None, instance=changed), reverse("dashboard:company", args=[company_id])
    if form.is_valid():
        try:
            actions.save_unit(form.instance, by=request.user)
        except CompanyRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(back)
    return render(request, "dashboard/form.html", {"form": form, "title": company.name, "back": back})


@require_POST
def remove_unit(request: StaffRequest, company_id: int, unit_id: int) -> HttpResponse:
    company = get_object_or_404(companies_shown(request), pk=company_id)
    try:
        actions.remove_unit(get_object_or_404(company.units, pk=unit_id), by=request.user)
    except CompanyRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The unit is removed."))
    return redirect("dashboard:company", company_id)

"""The units of a company, and their addresses."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from shop.companies.actions import premises as actions
from shop.companies.errors import CompanyRefused
from shop.companies.forms import CompanyAddressForm, UnitForm
from shop.companies.models import CompanyAddress, Membership, Unit

from .frame import for_admins, for_members, page


@require_GET
@for_members
def units(request: HttpRequest, membership: Membership) -> HttpResponse:
    return page(request, "units", membership, units=membership.company.units.select_related("parent"))


@require_http_methods(["GET", "POST"])
@for_admins
def unit(request: HttpRequest, membership: Membership, unit_id: int | None = None) -> HttpResponse:
    """Adds one, or changes one."""
    company = membership.company
    changed = get_object_or_404(company.units, pk=unit_id) if unit_id else Unit(company=company)
    form = UnitForm(request.POST or None, instance=changed)
    if form.is_valid():
        try:
            actions.save_unit(form.instance, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("companies:units", company.pk)
        except CompanyRefused as refusal:
            form.add_error(None, str(refusal))
    return page(request, "unit", membership, form=form, unit=changed)


@require_http_methods(["GET", "POST"])
@for_admins
def remove_unit(request: HttpRequest, membership: Membership, unit_id: int) -> HttpResponse:
    company = membership.company
    removed = get_object_or_404(company.units, pk=unit_id)
    if request.method == "POST":
        try:
            actions.remove_unit(removed, by=request.user)
            messages.success(request, _("The unit is removed."))
        except CompanyRefused as refusal:
            messages.error(request, str(refusal))
        return redirect("companies:units", company.pk)
    return page(request, "unit_remove", membership, unit=removed)


@require_GET
@for_members
def addresses(request: HttpRequest, membership: Membership) -> HttpResponse:
    return page(request, "addresses", membership, addresses=CompanyAddress.objects.of_company(membership.company))


@require_http_methods(["GET", "POST"])
@for_admins
def address(request: HttpRequest, membership: Membership, address_id: int | None = None) -> HttpResponse:
    """Adds one, or changes one."""
    changed = _address(membership, address_id) if address_id else None
    form = CompanyAddressForm(request.POST or None, instance=changed, company=membership.company)
    if form.is_valid():
        actions.save_address(form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("companies:addresses", membership.company_id)
    return page(request, "address", membership, form=form, value=changed)


@require_http_methods(["GET", "POST"])
@for_admins
def remove_address(request: HttpRequest, membership: Membership, address_id: int) -> HttpResponse:
    removed = _address(membership, address_id)
    if request.method == "POST":
        actions.remove_address(removed, by=request.user)
        messages.success(request, _("The address is removed."))
        return redirect("companies:addresses", membership.company_id)
    return page(request, "address_remove", membership, value=removed)


def _address(membership: Membership, address_id: int) -> CompanyAddress:
    return get_object_or_404(CompanyAddress.objects.of_company(membership.company), pk=address_id)

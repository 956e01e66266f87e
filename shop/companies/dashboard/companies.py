"""Companies, as staff open, find, change and suspend them."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shop.accounts.views.frame import origin
from shop.companies.actions import companies as actions
from shop.companies.actions import part_numbers as numbers
from shop.companies.actions import people
from shop.companies.errors import CompanyRefused
from shop.companies.forms import InvitationForm, MembershipForm
from shop.companies.models import Company, CompanyAddress, Invitation, Membership
from shop.companies.products import product_coded
from shop.companies.roles import MemberRole
from shop.dashboard.lists import FoundList
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest
from shop.stores.keys import key_in

from .forms import CompanyForm, CompanySearchForm, PartNumberForm, SuspensionForm
from .querysets import companies_shown, with_people

NEWEST_ORDERS = 10


class CompanyListView(FoundList):
    template_name = "dashboard/companies.html"
    context_object_name = "companies"
    form_class = CompanySearchForm

    def found(self, said: dict[str, Any]) -> QuerySet[Company]:
        companies = with_people(companies_shown(self.request)).order_by("name", "pk")
        companies = companies.filter(**{name: said[name] for name in ("status", "group") if said.get(name)})
        return companies.matching(said["q"]) if said.get("q") else companies


@require_http_methods(["GET", "POST"])
def create(request: StaffRequest) -> HttpResponse:
    form = CompanyForm(request.POST or None)
    if form.is_valid():
        company = actions.open_company(form.instance, by=request.user, first_unit=_("Head office"))
        messages.success(request, _("%(company)s is open: invite its administrator.") % {"company": company})
        return redirect("dashboard:company", company.pk)
    return _form(request, form, title=_("New company"), back=reverse("dashboard:company-list"))


@require_GET
def company(request: StaffRequest, company_id: int) -> HttpResponse:
    return _page(request, _company(request, company_id))


@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, company_id: int) -> HttpResponse:
    changed = _company(request, company_id)
    form = CompanyForm(request.POST or None, instance=changed)
    if form.is_valid():
        actions.change_company(form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("dashboard:company", company_id)
    return _form(request, form, title=changed.name, back=reverse("dashboard:company", args=[company_id]))


@require_POST
def switch(request: StaffRequest, company_id: int) -> HttpResponse:
    """Suspend a company, or let it buy again: as the button said, whatever somebody else has done meanwhile."""
    switched, form = _company(request, company_id), SuspensionForm(request.POST)
    if request.POST.get("action") == "reactivate":
        actions.reactivate(switched, by=request.user)
        messages.success(request, _("%(company)s buys again.") % {"company": switched})
    elif form.is_valid():
        actions.suspend(switched, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("%(company)s is suspended: nobody buys for it.") % {"company": switched})
    return redirect("dashboard:company", company_id)


@require_POST
def invite(request: StaffRequest, company_id: int) -> HttpResponse:
    inviting = _company(request, company_id)
    form = InvitationForm(request.POST, company=inviting)
    if form.is_valid():
        try:
            people.invite(inviting, by=request.user, origin=origin(request), **form.cleaned_data)
        except CompanyRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("%(email)s has mail.") % {"email": form.cleaned_data["email"]})
            return redirect("dashboard:company", company_id)
    return _page(request, inviting, form=form)


@require_POST
def invitation(request: StaffRequest, company_id: int, invitation_id: int) -> HttpResponse:
    """Send an invitation once more, or withdraw it."""
    unanswered = Invitation.objects.unanswered().filter(company=_company(request, company_id))
    answered = get_object_or_404(unanswered, pk=invitation_id)
    match request.POST.get("action"):
        case "withdraw":
            people.withdraw(answered, by=request.user)
        case "resend":
            return _do(request, company_id, lambda: people.resend(answered, by=request.user, origin=origin(request)))
        case _other:
            raise Http404
    return redirect("dashboard:company", company_id)


@require_POST
def member(request: StaffRequest, company_id: int, membership_id: int) -> HttpResponse:
    """Give a member another role or unit, or remove them."""
    company = _company(request, company_id)
    changed = get_object_or_404(Membership, company=company, is_active=True, pk=membership_id)
    if request.POST.get("action") == "remove":
        return _do(request, company_id, lambda: people.remove(changed, by=request.user))
    form = MembershipForm(request.POST, company=company)
    if not form.is_valid():
        raise Http404
    return _do(request, company_id, lambda: people.change_membership(changed, by=request.user, **form.cleaned_data))


@require_http_methods(["GET", "POST"])
def part_numbers(request: StaffRequest, company_id: int) -> HttpResponse:
    """The company's own numbers: to look at, to add one, to take one away."""
    company, form = _company(request, company_id), PartNumberForm()
    if request.method == "POST":
        if not request.user.has_perm("companies.change_company"):
            raise PermissionDenied
        if removed := request.POST.get("remove"):
            row = get_object_or_404(company.part_numbers, pk=key_in(removed))
            numbers.remove_part_number(row, by=request.user)
            return redirect("dashboard:company-part-numbers", company_id)
        form = PartNumberForm(request.POST)
        if form.is_valid() and _number(request, company, form):
            return redirect("dashboard:company-part-numbers", company_id)
    rows = company.part_numbers.select_related("product__parent")
    context = {"company": company, "form": form, "part_numbers": rows}
    return render(request, "dashboard/company_part_numbers.html", context)


def _number(request: StaffRequest, company: Company, form: PartNumberForm) -> bool:
    """Whether the product that was named could be given the number."""
    product = product_coded(form.cleaned_data["sku"])
    if product is None:
        form.add_error("sku", _("There is no product of this SKU, or more than one."))
        return False
    try:
        numbers.set_part_number(company, product, form.cleaned_data["number"], by=request.user)
    except CompanyRefused as refusal:
        form.add_error("number", str(refusal))
        return False
    return True


def _company(request: StaffRequest, company_id: int) -> Company:
    return get_object_or_404(companies_shown(request), pk=company_id)


def _do(request: StaffRequest, company_id: int, action: Any) -> HttpResponse:
    try:
        action()
        messages.success(request, _("Saved."))
    except CompanyRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("dashboard:company", company_id)


def _page(request: StaffRequest, company: Company, *, form: InvitationForm | None = None) -> HttpResponse:
    orders = reach_of(request.user, "order.view_order").within(company.orders.order_by("-date_placed"))
    context = {
        "company": company,
        "memberships": company.memberships.filter(is_active=True).select_related("user", "unit"),
        "roles": MemberRole.choices,
        "invitations": company.invitations.unanswered(),
        "units": company.units.select_related("parent"),
        "addresses": CompanyAddress.objects.of_company(company),
        "orders": orders.select_related("store", "user")[:NEWEST_ORDERS],
        "form": form or InvitationForm(company=company),
        "suspension_form": SuspensionForm(),
    }
    return render(request, "dashboard/company.html", context)


def _form(request: StaffRequest, form: CompanyForm, *, title: str, back: str) -> HttpResponse:
    return render(request, "dashboard/form.html", {"form": form, "title": title, "back": back})

"""The people of a company, and who is invited."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shop.accounts.errors import TooManyAttempts
from shop.accounts.views.frame import origin, please_wait
from shop.companies.actions import people as actions
from shop.companies.errors import CompanyRefused
from shop.companies.forms import InvitationForm, MembershipForm
from shop.companies.models import Invitation, Membership
from shop.companies.throttle import count_invitation

from .frame import for_admins, for_members, page


@require_GET
@for_members
def people(request: HttpRequest, membership: Membership) -> HttpResponse:
    return _people(request, membership, InvitationForm(company=membership.company))


@require_POST
@for_admins
def invite(request: HttpRequest, membership: Membership) -> HttpResponse:
    company, form = membership.company, InvitationForm(request.POST, company=membership.company)
    if form.is_valid():
        said = form.cleaned_data
        try:
            count_invitation(company, said["email"])
            actions.invite(company, by=request.user, origin=origin(request), **said)
        except TooManyAttempts as refusal:
            form.add_error(None, please_wait(refusal.wait))
        except CompanyRefused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("%(email)s has mail.") % {"email": said["email"]})
            return redirect("companies:people", company.pk)
    return _people(request, membership, form)


@require_POST
@for_admins
def answer(request: HttpRequest, membership: Membership, invitation_id: int) -> HttpResponse:
    """Send an invitation once more, or withdraw it."""
    company = membership.company
    invitation = get_object_or_404(Invitation.objects.unanswered().filter(company=company), pk=invitation_id)
    match request.POST.get("action"):
        case "withdraw":
            actions.withdraw(invitation, by=request.user)
            messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": invitation.email})
        case "resend":
            try:
                count_invitation(company, invitation.email)
                actions.resend(invitation, by=request.user, origin=origin(request))
                messages.success(request, _("%(email)s has mail.") % {"email": invitation.email})
            except TooManyAttempts as refusal:
                messages.error(request, please_wait(refusal.wait))
            except CompanyRefused as refusal:
                messages.error(request, str(refusal))
        case _other:
            raise Http404
    return redirect("companies:people", company.pk)


@require_http_methods(["GET", "POST"])
@for_admins
def person(request: HttpRequest, membership: Membership, membership_id: int) -> HttpResponse:
    company, member = membership.company, _member(membership, membership_id)
    initial = {"role": member.role, "unit": member.unit_id}
    form = MembershipForm(request.POST or None, company=company, initial=initial)
    if form.is_valid():
        try:
            actions.change_membership(member, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect("companies:people", company.pk)
        except CompanyRefused as refusal:
            form.add_error("role", str(refusal))
    return page(request, "person", membership, member=member, form=form)


@require_http_methods(["GET", "POST"])
@for_admins
def remove(request: HttpRequest, membership: Membership, membership_id: int) -> HttpResponse:
    """Asks first. An administrator may remove themselves, where another one stays."""
    company, member = membership.company, _member(membership, membership_id)
    if request.method == "POST":
        try:
            actions.remove(member, by=request.user)
            messages.success(request, _("%(email)s no longer buys for the company.") % {"email": member.user.email})
        except CompanyRefused as refusal:
            messages.error(request, str(refusal))
        is_gone = member.pk == membership.pk and not Membership.objects.usable_by(request.user).filter(company=company)
        return redirect("customer:summary") if is_gone else redirect("companies:people", company.pk)
    return page(request, "person_remove", membership, member=member)


def _member(membership: Membership, membership_id: int) -> Membership:
    members = Membership.objects.filter(company=membership.company_id, is_active=True)
    return get_object_or_404(members.select_related("user", "unit"), pk=membership_id)


def _people(request: HttpRequest, membership: Membership, form: InvitationForm) -> HttpResponse:
    company = membership.company
    return page(
        request,
        "people",
        membership,
        people=company.memberships.filter(is_active=True).select_related("user", "unit"),
        invitations=company.invitations.unanswered().select_related("unit"),
        form=form,
    )

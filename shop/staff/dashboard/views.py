"""The staff, as owners see and change it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from shop.accounts.models import User
from shop.accounts.second_factor import device_of
from shop.accounts.views.frame import origin
from shop.staff import actions
from shop.staff.errors import RoleRefused
from shop.staff.models import StaffMembership
from shop.staff.querysets import current_policy, staff
from shop.staff.requests import StaffRequest
from shop.stores.models import Merchant

from .forms import InvitationForm, PolicyForm, RoleForm


@require_GET
def members(request: StaffRequest) -> HttpResponse:
    context = {"members": staff(), "policy_form": PolicyForm(instance=current_policy())}
    return render(request, "dashboard/staff.html", context)


@require_http_methods(["GET", "POST"])
def invite(request: StaffRequest) -> HttpResponse:
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        try:
            user = actions.invite(
                form.cleaned_data["email"],
                form.cleaned_data["role"],
                by=request.user,
                stores=form.cleaned_data["stores"],
                partner=form.cleaned_data["partner"],
                merchant_name=Merchant.objects.get().name,
                origin=origin(request),
            )
        except RoleRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(email)s has mail.") % {"email": user.email})
            return redirect("dashboard:staff-list")
    return render(request, "dashboard/form.html", {"form": form, "title": _("Invite somebody"), "back": ".."})


@require_POST
def policy(request: StaffRequest) -> HttpResponse:
    form = PolicyForm(request.POST)
    if form.is_valid():
        actions.set_policy(requires_second_factor=form.cleaned_data["requires_second_factor"], by=request.user)
        messages.success(request, _("Saved."))
    return redirect("dashboard:staff-list")


@require_GET
def member(request: StaffRequest, user_id: int) -> HttpResponse:
    return _member_page(request, _member(user_id), RoleForm())


@require_POST
def grant(request: StaffRequest, user_id: int) -> HttpResponse:
    user, form = _member(user_id), RoleForm(request.POST)
    if form.is_valid():
        try:
            actions.grant_role(user, by=request.user, **form.cleaned_data)
            return redirect("dashboard:staff-member", user_id)
        except RoleRefused as refusal:
            form.add_error(None, str(refusal))
    return _member_page(request, user, form)


@require_POST
def revoke(request: StaffRequest, user_id: int, membership_id: int) -> HttpResponse:
    membership = get_object_or_404(StaffMembership, user=_member(user_id), pk=membership_id)
    return _do(request, user_id, lambda: actions.revoke_role(membership, by=request.user))


@require_POST
def switch(request: StaffRequest, user_id: int) -> HttpResponse:
    """Let a member in no more, or again."""
    user = _member(user_id)
    change = actions.switch_off_account if user.is_active else actions.switch_on_account
    return _do(request, user_id, lambda: change(user, by=request.user))


@require_POST
def second_factor_off(request: StaffRequest, user_id: int) -> HttpResponse:
    """For a member who lost telephone and recovery codes."""
    user = _member(user_id)
    actions.reset_second_factor(user, by=request.user, origin=origin(request))
    messages.success(request, _("%(email)s signs in by password alone and has mail.") % {"email": user.email})
    return redirect("dashboard:staff-member", user_id)


def _do(request: StaffRequest, user_id: int, action: Any) -> HttpResponse:
    try:
        action()
    except RoleRefused as refusal:
        messages.error(request, str(refusal))
    if not staff().filter(pk=user_id).exists():
        return redirect("dashboard:staff-list")
    return redirect("dashboard:staff-member", user_id)


def _member(user_id: int) -> User:
    return get_object_or_404(staff(), pk=user_id)


def _member_page(request: StaffRequest, user: User, form: RoleForm) -> HttpResponse:
    context = {"member": user, "form": form, "has_second_factor": device_of(user) is not None}
    return render(request, "dashboard/staff_member.html", context)

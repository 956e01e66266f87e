"""Behind the link of an invitation: a button, since programs that look through mail follow links."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import View
from oscar.apps.customer.signals import user_registered

from shop.accounts.forms import FinishRegistrationForm
from shop.accounts.models import User
from shop.accounts.views.frame import Page
from shop.accounts.views.sign_in import enter
from shop.companies import acting
from shop.companies.actions import people as actions
from shop.companies.errors import AccountExists, InvitationRefused, NotInvited
from shop.companies.models import Invitation, Membership


class InvitationView(Page, View):
    """Whoever is signed in accepts; who has an account signs in first; for who has none, a password opens one."""

    template_name = "companies/invitation.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            invitation = actions.invitation_behind(token)
        except InvitationRefused:
            return self.gone()
        if request.user.is_authenticated and request.user.email != invitation.email:
            return self.shown(invitation, refusal=str(NotInvited(request.user.email)))
        return self.shown(invitation)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        try:
            if request.user.is_authenticated:
                return self.accepted(actions.accept(token, by=request.user))
            return self.accept_as_new(actions.invitation_behind(token), token)
        except InvitationRefused:
            return self.gone()
        except (NotInvited, AccountExists) as refusal:
            return self.shown(actions.invitation_behind(token), refusal=str(refusal), status=409)

    def accept_as_new(self, invitation: Invitation, token: str) -> HttpResponse:
        form = FinishRegistrationForm(self.request.POST, user=User(email=invitation.email))
        if not form.is_valid():
            return self.shown(invitation, form=form)
        membership = actions.accept_as_new(token, **form.cleaned_data)
        user = membership.user
        user_registered.send_robust(sender=type(self), request=self.request, user=user)
        enter(self.request, user, next_path="")
        return self.accepted(membership)

    def accepted(self, membership: Membership) -> HttpResponse:
        """They buy for the company at once: that is what they came for."""
        acting.choose(self.request, membership.company_id)
        text = _("You buy for %(company)s now.") % {"company": membership.company.name}
        messages.success(self.request, text)
        return redirect("companies:people", membership.company_id)

    def shown(
        self,
        invitation: Invitation,
        *,
        form: FinishRegistrationForm | None = None,
        refusal: str = "",
        status: int = 200,
    ) -> HttpResponse:
        has_account = User.objects.filter(email=invitation.email).exists()
        if not has_account and not self.request.user.is_authenticated:
            form = form or FinishRegistrationForm(user=User(email=invitation.email))
        return self.page(invitation=invitation, form=form, refusal=refusal, status=status)

    def gone(self) -> HttpResponse:
        return self.page(invitation=None, status=410)


invitation = InvitationView.as_view()

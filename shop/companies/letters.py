"""What people are told about companies. They leave as all letters about accounts do (`shop.accounts.letters`)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from shop.accounts.letters import Letter

from .models import Application, Company, Invitation


def invitation(invitation: Invitation, *, link: str) -> Letter:
    invited_by = invitation.invited_by
    names = {"company": invitation.company.name, "role": invitation.get_role_display()}
    return Letter(
        _("Buy for %(company)s") % names,
        (
            _("%(who)s invites you to buy for %(company)s as: %(role)s.") % {**names, "who": invited_by.email}
            if invited_by
            else _("You are invited to buy for %(company)s as: %(role)s.") % names,
            _("The link works once, for two weeks. If you expected no invitation, you need do nothing."),
        ),
        link,
        _("Look at the invitation"),
    )


def approved(invitation: Invitation, *, link: str) -> Letter:
    """To an applicant who has no account yet."""
    names = {"company": invitation.company.name}
    return Letter(
        _opened(invitation.company),
        (
            _("We have approved your application for %(company)s. Choose a password, and you are its administrator.")
            % names,
            _("The link works once, for two weeks."),
        ),
        link,
        _("Choose a password"),
    )


def attached(company: Company) -> Letter:
    names = {"company": company.name}
    return Letter(
        _opened(company),
        (
            _("You buy for %(company)s from now on; you are its administrator and can invite others.") % names,
            _("Sign in, and choose at the top of each page for whom you buy."),
        ),
        reverse("companies:people", args=[company.pk]),
        _("To your company"),
    )


def applied(application: Application, *, shop: str) -> Letter:
    return Letter(
        _("We have your application"),
        (
            _("Thank you for asking %(shop)s for a trade account for %(company)s.")
            % {"shop": shop, "company": application.company_name},
            _("We look at it and write to you. If it was not you who asked, answer this letter."),
        ),
    )


def applied_before(*, shop: str) -> Letter:
    return Letter(
        _("We have your application already"),
        (
            _("You asked %(shop)s for a trade account once more; your first application is still with us.")
            % {"shop": shop},
            _("If something in it has changed, answer this letter."),
        ),
    )


def declined(application: Application, *, shop: str) -> Letter:
    return Letter(
        _("About your application"),
        (
            _("We can't open a trade account for %(company)s at %(shop)s.")
            % {"company": application.company_name, "shop": shop},
            application.reason,
        ),
    )


def _opened(company: Company) -> str:
    return _("Your trade account is open: %(company)s") % {"company": company.name}

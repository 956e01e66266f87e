"""What callers of the companies' actions may catch. Each text is a sentence for whoever asked."""

from django.utils.translation import gettext as _


class CompanyRefused(ValueError):
    """It can't be done like this; nothing was written."""


class CompanySuspended(CompanyRefused):
    def __str__(self) -> str:
        return _("The company is suspended: reactivate it first.")


class AlreadyMember(CompanyRefused):
    """Of the company that somebody is invited to."""

    def __str__(self) -> str:
        return _("Whoever has this address belongs to the company already.")


class LastAdmin(CompanyRefused):
    """Nobody would be left who could invite anybody."""

    def __init__(self, company_name: str) -> None:
        self.company_name = company_name
        super().__init__(company_name)

    def __str__(self) -> str:
        text = _("%(company)s needs an administrator: make somebody else one first.")
        return text % {"company": self.company_name}


class InvitationRefused(CompanyRefused):
    """The link was used, withdrawn, replaced or made up, it is too old, or the company is suspended."""

    def __str__(self) -> str:
        return _("This invitation no longer works.")


class NotInvited(CompanyRefused):
    """The link was sent to another address than that of the account."""

    def __init__(self, email: str) -> None:
        self.email = email
        super().__init__(email)

    def __str__(self) -> str:
        return _("This invitation is for another account than %(email)s.") % {"email": self.email}


class AccountExists(CompanyRefused):
    """Whoever has an account signs in to accept; a link in a letter is no password."""

    def __str__(self) -> str:
        return _("There is an account with this address: sign in to accept.")


class ApplicationDecided(CompanyRefused):
    """By somebody else meanwhile."""

    def __str__(self) -> str:
        return _("This application has been decided already.")


class ReasonMissing(CompanyRefused):
    def __str__(self) -> str:
        return _("Please give a reason: the applicant is told.")


class UnitRefused(CompanyRefused):
    """The text says why."""


class PartNumberTaken(CompanyRefused):
    """The company calls another product so."""

    def __init__(self, number: str) -> None:
        self.number = number
        super().__init__(number)

    def __str__(self) -> str:
        return _("The company calls another product %(number)s.") % {"number": self.number}

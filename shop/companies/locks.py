"""Every lock on companies. All that changes a company's people or units locks the company first, so that two such
changes follow each other; an invitation or an application is locked after it."""

from django.db.models import QuerySet

from .models import Application, Company, Invitation


def companies() -> QuerySet[Company]:
    """Orders may point at a company meanwhile: the lock is of the kind that leaves foreign keys alone."""
    return Company.objects.select_for_update(no_key=True).order_by("pk")


def invitations() -> QuerySet[Invitation]:
    return Invitation.objects.select_for_update(of=("self",))


def applications() -> QuerySet[Application]:
    return Application.objects.select_for_update(of=("self",))

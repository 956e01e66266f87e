"""Every lock on memberships."""

from django.db.models import QuerySet

from .models import StaffMembership
from .roles import Role


def owners() -> QuerySet[StaffMembership]:
    """The merchant's owners who can sign in, locked in the order of their ids: two can't resign at once."""
    return (
        StaffMembership.objects.select_for_update(of=("self",))
        .filter(role=Role.OWNER, user__is_active=True, user__stands_for_operator=False)
        .order_by("pk")
    )

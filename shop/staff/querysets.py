"""Who works here."""

from django.db.models import QuerySet

from shop.accounts.models import User

from .models import StaffPolicy


def staff() -> QuerySet[User]:
    """Everybody with a role, with the roles and their stores; operators' stand-ins work elsewhere."""
    people = User.objects.filter(staff_memberships__isnull=False, stands_for_operator=False).distinct()
    return people.prefetch_related("staff_memberships__stores", "staff_memberships__partner").order_by("email")


def current_policy() -> StaffPolicy:
    """The merchant's, or the one that holds where none was chosen."""
    return StaffPolicy.objects.first() or StaffPolicy()

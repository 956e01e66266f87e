"""The customers that somebody may see."""

from django.db.models import Q, QuerySet

from shop.accounts.models import User
from shop.staff.requests import StaffRequest

from ..stores import shown_reach


def customers_shown(request: StaffRequest) -> QuerySet[User]:
    """All of the merchant's; those who ordered in a store within reach, for members of some stores.

    Operators' stand-ins are nobody's customers.
    """
    reach, users = shown_reach(request, "accounts.see_customers"), User.objects.filter(stands_for_operator=False)
    if reach.is_unlimited:
        return users
    return users.filter(Q(pk__in=User.objects.filter(orders__store__in=reach.store_ids).values("pk")))

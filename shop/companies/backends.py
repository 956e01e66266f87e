"""Sign-in of whoever may buy for companies."""

from typing import Any

from django.db.models import Exists, OuterRef

from shop.accounts.backends import EmailBackend
from shop.accounts.models import User
from shop.stores.scope import scoped

from .models import Membership


class BuyerBackend(EmailBackend):
    """Loads with an account whether there is any company that it may buy for, so that who has none is not asked, and
    whether it is in any group, as whoever works for the merchant is."""

    @scoped
    def get_user(self, user_id: Any) -> User | None:
        has_companies = Exists(Membership.objects.usable_by(OuterRef("pk")))
        has_groups = Exists(User.groups.through.objects.filter(user=OuterRef("pk")))
        known = User.objects.annotate(has_companies=has_companies, has_groups=has_groups)
        user = known.filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

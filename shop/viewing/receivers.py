"""What ends viewings besides their end."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from shop.accounts.models import User
from shop.stores.scope import scoped

from .actions import end_viewings_of


@receiver(user_logged_out)
@scoped
def end_with_the_session(user: User | None, **kwargs: Any) -> None:
    """Whoever signs out looks no longer, in whichever store."""
    if user is not None and user.pk:  # an account that is closed has none any more
        end_viewings_of(user)

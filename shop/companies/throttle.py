"""Letters that people of companies cause."""

from datetime import timedelta

from shop.accounts.models import User
from shop.accounts.throttle import LETTER, Limit, count_attempt

from .models import Company

INVITATIONS = Limit("invitations", 40, timedelta(minutes=1), timedelta(hours=1))
"""Of one company a day, by its own administrators, before each further one has to wait."""


def count_invitation(company: Company, email: str) -> None:
    """Raises `TooManyAttempts`."""
    count_attempt(LETTER, User.objects.normalize_email(email))
    count_attempt(INVITATIONS, str(company.pk))

"""Signing in: a password, then a code where the account has a second factor."""

from django.contrib.auth import authenticate

from shop.audit.actions import record
from shop.audit.origin import current_origin
from shop.stores.scope import own_scope

from . import second_factor
from .models import User
from .throttle import ACCOUNT, ADDRESS, BROWSER, CODE, count_attempt, forget_attempts, give_back_attempt, network_of


def check_password(email: str, password: str, *, browser: str | None) -> User | None:
    """The user of this address and password, or None; as slow, and counted alike, where there is no such account.

    `browser` names the browser if it is known to the account. Raises `TooManyAttempts`. Opens a scope for each step.
    """
    email = User.objects.normalize_email(email)
    account = (BROWSER, f"{email} {browser}") if browser else (ACCOUNT, email)
    network = network_of(current_origin().address)
    count_attempt(ADDRESS, network)
    count_attempt(*account)
    with own_scope():
        user = authenticate(None, username=email, password=password)
        if user is None:
            record("account.sign_in_refused", by=None, actor_label=email)
            return None
        forget_attempts(*account)
        give_back_attempt(ADDRESS, network)
        return user


def check_code(user: User, code: str) -> None:
    """Accept a code of the user's device, or one of their recovery codes. Raises `TooManyAttempts`, `CodeRefused`."""
    count_attempt(CODE, str(user.pk))
    with own_scope():
        second_factor.use_code(user, code)
        forget_attempts(CODE, str(user.pk))


def confirm_identity(user: User, password: str) -> bool:
    """Whether this is the password of whoever is signed in, counted as their sign-ins are. Raises `TooManyAttempts`."""
    subject = f"{user.email} confirms"
    count_attempt(BROWSER, subject)
    with own_scope():
        is_right = user.check_password(password)
        if is_right:
            forget_attempts(BROWSER, subject)
        return is_right

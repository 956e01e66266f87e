"""Opening accounts, and changing their passwords and addresses.

Whatever a stranger can ask for answers alike, and sends exactly one letter, whether an account exists or not.
"""

from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from shop.audit.actions import record
from shop.audit.origin import current_origin
from shop.stores.scope import own_scope

from . import letters, links
from .errors import LinkRefused
from .models import User
from .throttle import ACCOUNT, LETTER, LETTERS_OF_ADDRESS, count_attempt, forget_attempts, network_of

REGISTRATION, NEW_ADDRESS = "registration", "address"


def begin_registration(email: str, *, shop: str, origin: str, next_path: str = "") -> None:
    """Send a link to finish with, or say that there is an account. Raises `TooManyAttempts`."""
    email = _allowed_letter(email)
    with own_scope():
        path = reverse("accounts:finish-registration", args=[links.signed(REGISTRATION, email=email, next=next_path)])
        letter = letters.finish_registration(path, shop)
        if User.objects.filter(email=email).exists():
            letter = letters.already_registered(reverse("accounts:sign-in"), shop)
        letters.send_letter(letter, to=email, origin=origin)


@transaction.atomic
def finish_registration(token: str, password: str, *, first_name: str = "", last_name: str = "") -> User:
    """Open the account whose address the link proves. Raises `LinkRefused`, also once the account is open."""
    email = links.claims_of(REGISTRATION, token)["email"]
    try:
        with transaction.atomic():
            return User.objects.create_user(email, password, first_name=first_name, last_name=last_name)
    except IntegrityError as error:
        raise LinkRefused("The account is open already.") from error


def request_password_reset(email: str, *, shop: str, origin: str) -> None:
    """Send a link to choose a new password with. Raises `TooManyAttempts`."""
    email = _allowed_letter(email)
    with own_scope():
        user = User.objects.filter(email=email, is_active=True, stands_for_operator=False).first()
        subject = user or User(pk=0, email=email)
        letter = letters.reset_password(password_path(subject))
        if user is None:
            letter = letters.no_account("/", shop)
        letters.send_letter(letter, to=email, origin=origin)
        record("account.password_reset_requested", by=None, actor_label=email)


def password_path(user: User) -> str:
    """The path of the link that lets this user choose a password, once."""
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("password-reset-confirm", args=[uid, default_token_generator.make_token(user)])


@transaction.atomic
def set_password(user: User, password: str, *, origin: str) -> None:
    """Change the password and end every session. Their owner proved to be it, so what was guessed is forgotten."""
    user.set_password(password)
    user.save(update_fields=["password"])
    forget_attempts(ACCOUNT, user.email)
    record("account.password_changed", by=user, target=user)
    letters.send_letter(letters.password_changed(), to=user.email, origin=origin)


def request_new_address(user: User, email: str, *, shop: str, origin: str) -> None:
    """Send a link to the new address; nothing changes before it is followed. Raises `TooManyAttempts`."""
    email = _allowed_letter(email)
    with own_scope():
        token = links.signed(NEW_ADDRESS, user=user.pk, old=user.email, new=email)
        letter = letters.confirm_address(reverse("accounts:confirm-address", args=[token]))
        if User.objects.filter(email=email).exists():
            letter = letters.address_taken(shop)
        letters.send_letter(letter, to=email, origin=origin)


@transaction.atomic
def confirm_new_address(user: User, token: str, *, origin: str) -> None:
    """Change the address to the one that the link proves, and tell the old one. Raises `LinkRefused`."""
    claims = links.claims_of(NEW_ADDRESS, token)
    if (claims["user"], claims["old"]) != (user.pk, user.email):
        raise LinkRefused("This link no longer works.")
    user.email = claims["new"]
    try:
        with transaction.atomic():
            user.save(update_fields=["email"])
    except IntegrityError as error:
        user.email = claims["old"]
        raise LinkRefused("This address has an account already.") from error
    record("account.address_changed", by=user, target=user, old=claims["old"], new=claims["new"])
    letters.send_letter(letters.address_changed(claims["new"]), to=claims["old"], origin=origin)


def _allowed_letter(email: str) -> str:
    """The normalised address, if one more letter may go there and may come from here. Raises `TooManyAttempts`."""
    email = User.objects.normalize_email(email)
    count_attempt(LETTERS_OF_ADDRESS, network_of(current_origin().address))
    count_attempt(LETTER, email)
    return email

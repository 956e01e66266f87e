"""The letters about an account. They leave after commit; one that can't be sent does not undo what it tells of."""

from dataclasses import dataclass
from functools import partial

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from shop.communication.tasks import deliver
from shop.communication.utils import one_line, sender
from shop.stores.current import current_store


@dataclass(frozen=True)
class Letter:
    """A subject that is the heading too, paragraphs, and a link to follow (`path` begins with a slash)."""

    subject: str
    paragraphs: tuple[str, ...]
    path: str = ""
    link_text: str = ""


def send_letter(letter: Letter, *, to: str, origin: str) -> None:
    """Send it from the store being served, or from the platform. `origin` is such as `https://shop.example`."""
    store = current_store()
    name = store.name if store else settings.WAGTAIL_SITE_NAME
    context = {"letter": letter, "store": store, "origin": origin, "site": {"name": name}}
    parts = {
        "subject": one_line(letter.subject),
        "text": render_to_string("accounts/letters/letter.txt", context),
        "html": render_to_string("accounts/letters/letter.html", context),
    }
    transaction.on_commit(partial(deliver.delay, sender=sender(), to=to, **parts), robust=True)


def finish_registration(path: str, name: str) -> Letter:
    return Letter(
        _("Finish opening your account"),
        (
            _("Someone, hopefully you, wants to open an account at %(name)s with this address.") % {"name": name},
            _("Follow the link within a day and choose a password. If it was not you, you need do nothing."),
        ),
        path,
        _("Choose a password"),
    )


def already_registered(path: str, name: str) -> Letter:
    return Letter(
        _("You have an account already"),
        (
            _("Someone, hopefully you, wanted to open an account at %(name)s with this address; there is one already.")
            % {"name": name},
            _("Sign in, or choose a new password if you forgot yours."),
        ),
        path,
        _("Sign in"),
    )


def reset_password(path: str) -> Letter:
    return Letter(
        _("Choose a new password"),
        (
            _("Someone, hopefully you, asked for a new password. This link works once, and for a short time."),
            _("If it was not you, you need do nothing: your password stays as it is."),
        ),
        path,
        _("Choose a new password"),
    )


def no_account(path: str, name: str) -> Letter:
    return Letter(
        _("There is no account with this address"),
        (
            _("Someone, hopefully you, asked for a new password at %(name)s. No account there has this address.")
            % {"name": name},
            _("Perhaps you used another one. If it was not you, you need do nothing."),
        ),
        path,
        _("Back to the store"),
    )


def confirm_address(path: str) -> Letter:
    return Letter(
        _("Confirm your new address"),
        (
            _("Someone, hopefully you, wants to sign in with this address from now on. Follow the link within a day."),
            _("If it was not you, you need do nothing."),
        ),
        path,
        _("Use this address"),
    )


def address_taken(name: str) -> Letter:
    return Letter(
        _("This address has an account already"),
        (
            _("Somebody wanted to use this address for another account at %(name)s. Nothing was changed.")
            % {"name": name},
        ),
    )


def address_changed(new: str) -> Letter:
    return Letter(
        _("Your address was changed"),
        (
            _("You sign in with %(address)s from now on.") % {"address": new},
            _("If it was not you, answer this letter at once."),
        ),
    )


def password_changed() -> Letter:
    return Letter(
        _("Your password was changed"),
        (
            _("If it was you, you need do nothing."),
            _("If it was not, ask for a new password at once, and answer this letter."),
        ),
    )


def second_factor_changed(*, is_on: bool) -> Letter:
    subject = _("Signing in now needs a code as well") if is_on else _("Signing in no longer needs a code")
    return Letter(subject, (_("If it was not you, answer this letter at once."),))

"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes for when it is lost."""

import secrets
from base64 import b32encode
from urllib.parse import quote, urlencode

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice

from shop.audit.actions import record

from .errors import CodeRefused
from .locks import devices_of
from .models import RecoveryCode, User

RECOVERY_CODES = 10
RECOVERY_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is taken for something else
RECOVERY_LENGTH = 16  # 79 bits: a plain digest is enough


def device_of(user: User) -> TOTPDevice | None:
    """The user's device, if they switched the second factor on."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def begin(user: User) -> TOTPDevice:
    """The device that is being set up: the same until it is confirmed, so that a reloaded page shows the same code."""
    device, _ = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "authenticator"})
    return device


def pending_device(user: User) -> TOTPDevice | None:
    """The device that is being set up, if one is."""
    return TOTPDevice.objects.filter(user=user, confirmed=False).first()


def secret_of(device: TOTPDevice) -> str:
    """The device's key as people type it: base 32 in groups of four."""
    text = b32encode(device.bin_key).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def address_of(device: TOTPDevice, *, issuer: str) -> str:
    """What an authenticator reads from the picture (Google's Key Uri Format)."""
    issuer = issuer.replace(":", "")
    label = quote(f"{issuer}:{device.user.email}")
    query = {"secret": b32encode(device.bin_key).decode(), "issuer": issuer, "digits": device.digits}
    return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"


@transaction.atomic
def switch_on(user: User, code: str) -> list[str]:
    """Confirm the new device by its first code and return the recovery codes, readable this once.

    A device that was there before is replaced. Every other session of the account ends. Raises `CodeRefused`.
    """
    device = devices_of(user).filter(confirmed=False).first()
    if device is None or not device.verify_token(code):
        raise CodeRefused("That code is not right.")
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    TOTPDevice.objects.filter(pk=device.pk).update(confirmed=True)
    end_sessions(user)
    record("account.second_factor_switched_on", by=user, target=user)
    return renew_recovery_codes(user)


@transaction.atomic
def switch_off(user: User, *, by: User | None) -> None:
    """Forget device and recovery codes. Whoever calls this made sure that it is the user, or may do it for them."""
    TOTPDevice.objects.filter(user=user).delete()
    user.recovery_codes.all().delete()
    end_sessions(user)
    record("account.second_factor_switched_off", by=by, target=user)


@transaction.atomic
def use_code(user: User, code: str) -> None:
    """Accept a code once. Raises `CodeRefused`."""
    device = devices_of(user).filter(confirmed=True).first()
    if device and device.verify_token(code):
        return
    if user.recovery_codes.filter(digest=_digest(user, code)).delete()[0]:
        record("account.recovery_code_used", by=user, target=user, left=user.recovery_codes.count())
        return
    raise CodeRefused("That code is not right.")


@transaction.atomic
def renew_recovery_codes(user: User) -> list[str]:
    """New codes in place of the old; only digests of them are kept."""
    codes = ["".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, digest=_digest(user, code)) for code in codes)
    return ["-".join(code[i : i + 4] for i in range(0, RECOVERY_LENGTH, 4)) for code in codes]


def end_sessions(user: User) -> None:
    """Sign the user out everywhere. The session that asks for it is kept by `update_session_auth_hash`."""
    User.objects.filter(pk=user.pk).update(sessions_ended=F("sessions_ended") + 1)
    user.refresh_from_db(fields=["sessions_ended"])


def _digest(user: User, code: str) -> str:
    plain = "".join(code.lower().split()).replace("-", "")
    return salted_hmac(
        f"accounts.recovery.{user.pk}", plain, secret=settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()

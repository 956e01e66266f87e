"""Browsers that an account was signed in from, known again by a signed cookie.

They are counted apart from all others (`throttle.BROWSER`), so that strangers who guess at an account make each other
wait and not its owner. The idea is OWASP's device cookie:
https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
"""

from datetime import timedelta

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string, salted_hmac

from shop.stores.scope import required_merchant_id

COOKIE = "known_browser"
LIFETIME = timedelta(days=180)


def known_browser(request: HttpRequest, email: str) -> str | None:
    """A name of this browser if this account (a normalised address) was signed in from it, else None."""
    try:
        value = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE, max_age=LIFETIME)
    except signing.BadSignature:
        return None
    account, name = value
    return name if account == _account(email) else None


def remember_browser(response: HttpResponse, request: HttpRequest, email: str) -> None:
    """Know this browser again, under a new name."""
    response.set_cookie(
        COOKIE,
        signing.dumps([_account(email), get_random_string(22)], salt=COOKIE),
        max_age=LIFETIME,
        path="/accounts/",
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def _account(email: str) -> str:
    return salted_hmac(COOKIE, f"{required_merchant_id()}:{email}", algorithm="sha256").hexdigest()[:32]

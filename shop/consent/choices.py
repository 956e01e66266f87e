"""What a visitor chose about cookies that a store could do without.

The choice lies in a cookie of its own and nowhere else: a record on our side would need a name for the visitor, which
is what was to be avoided. The cookie says which words were agreed to, so that a store whose words change asks anew.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "cookie_choice"
KEPT_FOR = timedelta(days=182)
"""Half a year, for either choice: nobody is asked more often for having declined."""

FORMAT = re.compile(r"(accept|decline)\.([0-9a-f]{1,16})")


class Choice(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"


@dataclass(frozen=True)
class Chosen:
    """A choice, and the version of the words that it answered."""

    choice: Choice
    wording: str


def choice_of(request: HttpRequest) -> Chosen | None:
    """What this visitor chose, or None while they have not."""
    match = FORMAT.fullmatch(request.COOKIES.get(COOKIE, ""))
    return Chosen(Choice(match[1]), match[2]) if match else None


def is_allowed(request: HttpRequest) -> bool:
    """Whether cookies may be set that the store could do without. Ask before you set one."""
    store, chosen = getattr(request, "store", None), choice_of(request)
    return store is None or not store.asks_cookie_consent or (chosen is not None and chosen.choice == Choice.ACCEPT)


def remember(response: HttpResponse, chosen: Chosen) -> None:
    """Let the visitor's browser keep a choice."""
    response.set_cookie(
        COOKIE,
        f"{chosen.choice}.{chosen.wording}",
        max_age=KEPT_FOR,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )

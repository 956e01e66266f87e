"""What templates can name of consent."""

from typing import Any

from django.http import HttpRequest

from .choices import choice_of


def consent(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `asks_about_cookies(wording)`."""

    def asks_about_cookies(wording: str) -> bool:
        """Whether this visitor is to be asked in these words."""
        store = getattr(request, "store", None)
        chosen = choice_of(request)
        return store is not None and store.asks_cookie_consent and (chosen is None or chosen.wording != wording)

    return {"asks_about_cookies": asks_about_cookies}

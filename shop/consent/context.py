"""What templates can name of consent."""

from typing import Any

from django.http import HttpRequest

from shop.viewing.current import viewing_of

from .choices import choice_of


def consent(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `asks_about_cookies(wording)`."""

    def asks_about_cookies(wording: str) -> bool:
        """Whether this visitor is to be asked in these words; not staff who see the store as somebody else."""
        store, chosen = getattr(request, "store", None), choice_of(request)
        if viewing_of(request):
            return False
        return store is not None and store.asks_cookie_consent and (chosen is None or chosen.wording != wording)

    return {"asks_about_cookies": asks_about_cookies}

"""Addresses that an editor may link to."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

SCHEMES = frozenset({"http", "https", "mailto", "tel"})


def validate_address(value: str) -> None:
    """Accept a path of the store, a part of the page, a web address, an e-mail address or a telephone number.

    Everything that a browser could run (`javascript:`, `data:`) is refused, and so is what browsers read differently
    from us: control characters, backslashes and spaces (WHATWG URL, 4.4, strips some of them before it looks).
    """
    if any(character <= " " or character in "\\\x7f" for character in value):
        raise ValidationError(_("An address has no spaces and no backslashes."), code="characters")
    try:
        parts = urlsplit(value)
    except ValueError as error:
        raise ValidationError(_("This is not an address."), code="address") from error
    is_local = not parts.scheme and not parts.netloc and value.startswith(("/", "#", "?")) and value[:2] != "//"
    is_remote = parts.scheme in SCHEMES and bool(parts.netloc or parts.path)
    if not (is_local or is_remote):
        raise ValidationError(_("Begin with / for a page of this store, or with https://."), code="address")

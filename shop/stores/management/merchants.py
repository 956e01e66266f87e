"""Which merchants a command is about."""

from django.core.management import CommandError

from shop.stores.errors import UnknownMerchant
from shop.stores.models import Merchant
from shop.stores.querysets import all_merchants, merchant_named


def merchants(slug: str | None) -> list[Merchant]:
    """All of them, or the one of this short name. Raises `CommandError`."""
    if slug is None:
        return all_merchants()
    try:
        return [merchant_named(slug)]
    except UnknownMerchant as error:
        raise CommandError(str(error)) from error

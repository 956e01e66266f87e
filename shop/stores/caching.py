"""Cache keys carry the scope, so that what a package caches for one merchant is never another's."""

from .scope import current_merchant_id


def scoped_key(key: str, key_prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: `prefix:merchant:version:key`; outside every scope the merchant is `-`."""
    return f"{key_prefix}:{current_merchant_id() or '-'}:{version}:{key}"

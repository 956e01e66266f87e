"""The cast of the tests: merchants and stores made as the product makes them."""

from shop.stores.actions import NewStore, open_merchant, open_store
from shop.stores.models import Merchant
from shop.stores.scope import merchant_scope


def cast_merchant(slug: str) -> Merchant:
    """A merchant with one store at `<slug>.example`."""
    merchant = open_merchant(slug.title(), slug=slug)
    with merchant_scope(merchant.pk):
        open_store(NewStore(name=slug.title(), slug=slug, host=f"{slug}.example"))
    return merchant

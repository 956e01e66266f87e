"""Reads of stores by their pages."""

from wagtail.models import Page

from shop.stores.models import Store


def store_of(page: Page) -> Store | None:
    """The store whose tree a page stands in, or None."""
    site = page.get_site()
    return Store.objects.select_related("site").filter(site=site).first() if site else None

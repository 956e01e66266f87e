"""What Wagtail and Oscar tell of, and what must be right with it on the next page."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from wagtail.models import Site
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from shop.catalogue.models import Category
from shop.stores.actions import content_changed

from .models import CookieNotice, StoreDetails, StoreImage, StoreLook, StoreMenus, StoreNotice

SHOWN_AROUND_PAGES = (Category, CookieNotice, StoreDetails, StoreImage, StoreLook, StoreMenus, StoreNotice)


def connect() -> None:
    for signal in (page_published, page_unpublished, page_slug_changed, post_page_move):
        signal.connect(outdate_frames)
    for signal in (page_slug_changed, post_page_move):
        signal.connect(outdate_roots)
    post_save.connect(outdate_roots, sender=Site)
    for model in SHOWN_AROUND_PAGES:
        post_save.connect(outdate_frames, sender=model)
        post_delete.connect(outdate_frames, sender=model)


def outdate_roots(raw: bool = False, **kwargs: Any) -> None:
    """Once more than Wagtail, which does so before the commit."""
    if not raw:
        transaction.on_commit(Site.clear_site_root_paths_cache)


def outdate_frames(raw: bool = False, **kwargs: Any) -> None:
    if not raw:
        content_changed()

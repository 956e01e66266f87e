"""What the templates of a store can name of its content."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from shop.stores.models import Store
from shop.viewing.current import moment_of

from .frame import Frame, frame_of


def store_content(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the frame of the store's pages, loaded when a template first asks for it."""
    store: Store | None = getattr(request, "store", None)
    frame: Any = SimpleLazyObject(partial(frame_of, store)) if store else Frame()
    return {
        "menu": lambda name: frame.menus.get(name, ()),
        "logo": lambda: frame.logo,
        "announcement": lambda: frame.notice_at(moment_of(request) or timezone.now()),
        "details": lambda: frame.details,
        "cookie_words": lambda: frame.cookies,
        "store_stylesheet_url": SimpleLazyObject(lambda: stylesheet_url(frame)),
        "absolute": partial(absolute, store) if store else request.build_absolute_uri,
    }


def stylesheet_url(frame: Frame) -> str:
    """The address of the store's own style sheet, or nothing where it has none."""
    return f"{reverse('store_stylesheet')}?v={frame.stylesheet_version}" if frame.stylesheet else ""


def absolute(store: Store, path: str) -> str:
    """A path of the store at its canonical host."""
    return store.origin + path

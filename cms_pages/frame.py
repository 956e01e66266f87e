"""What stands around every page of a store: logo, menus, announcement, contact details, the words of its cookie notice.

It is put together once for each version of the store's content (`Store.content_version`, which the same transaction
moves on that changes what is shown here) and then read from the cache, so the frame of a page costs no query.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.cache import cache
from wagtail.blocks import StructValue
from wagtail.models import Site
from wagtail.rich_text import expand_db_html

from shop.stores.models import Store
from shop.stores.querysets import store_for_request
from shop.versions.marks import pages_of
from shop.versions.remembering import is_remembering, remembered
from shop.versions.watching import holds_until

from .models import CookieNotice, StoreDetails, StoreImage, StoreLook, StoreMenus, StoreNotice
from .photos import LOGO, rendition_if_there
from .stylesheets import stylesheet_of, version_of

SECONDS = 3600


@dataclass(frozen=True)
class Link:
    """An entry of a menu. The address of one that only holds others may be empty."""

    title: str
    url: str
    children: tuple["Link", ...] = ()


@dataclass(frozen=True)
class Picture:
    url: str
    width: int
    height: int


@dataclass(frozen=True)
class Notice:
    text: str
    url: str
    starts_at: datetime | None
    ends_at: datetime | None

    def next_change(self, now: datetime) -> datetime | None:
        """When it begins or ceases to be shown."""
        return min((moment for moment in (self.starts_at, self.ends_at) if moment and moment > now), default=None)

    def is_shown(self, now: datetime) -> bool:
        return (self.starts_at is None or self.starts_at <= now) and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True)
class Details:
    about: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    hours: str = ""
    profiles: tuple[Link, ...] = ()


@dataclass(frozen=True)
class CookieWords:
    """What the cookie notice says; `text` is HTML, and `version` is another where the words are."""

    text: str
    policy_url: str
    version: str


@dataclass(frozen=True)
class Frame:
    logo: Picture | None = None
    notice: Notice | None = None
    menus: dict[str, tuple[Link, ...]] = field(default_factory=dict)
    details: Details = Details()
    cookies: CookieWords = CookieWords("", "", "")
    stylesheet: str = ""

    @property
    def stylesheet_version(self) -> str:
        """Empty where the store has no style of its own."""
        return version_of(self.stylesheet) if self.stylesheet else ""

    def notice_at(self, moment: datetime) -> Notice | None:
        holds_until(lambda: self.notice.next_change(moment) if self.notice else None)
        return self.notice if self.notice and self.notice.is_shown(moment) else None


def frame_of(store: Store) -> Frame:
    """A store's frame: remembered, or from the cache where it is there."""
    if is_remembering():
        return _remembered(store.merchant_id, store.pk)
    key = f"frame:{store.pk}:{store.content_version}"
    frame = cache.get(key)
    if frame is None:
        frame = build_frame(store)
        cache.set(key, frame, SECONDS)
    return frame


@remembered(lambda merchant_id, store_id: (pages_of(merchant_id),))
def _remembered(merchant_id: int, store_id: int) -> Frame:
    return build_frame(store_for_request(store_id))


def build_frame(store: Store) -> Frame:
    """A store's frame, from its settings."""
    look, cookies = _setting(StoreLook, store), _setting(CookieNotice, store)
    policy = cookies.policy
    text = expand_db_html(cookies.text)
    return Frame(
        logo=_logo(look.logo),
        notice=_notice(_setting(StoreNotice, store), store),
        menus=_menus(_setting(StoreMenus, store), store),
        details=_details(_setting(StoreDetails, store)),
        cookies=CookieWords(
            text, (policy.get_url(current_site=store.site) or "") if policy else "", version_of(text)[:8]
        ),
        stylesheet=stylesheet_of(look),
    )


def _setting(model: type[Any], store: Store) -> Any:
    """A store's row of a settings model, or one that was not saved yet: looking writes nothing."""
    return model.base_queryset().filter(site=store.site_id).first() or model(site=store.site)


def _logo(image: StoreImage | None) -> Picture | None:
    if image is None:
        return None
    shown = rendition_if_there(image, LOGO) or image
    return Picture(shown.file.url, shown.width, shown.height)


def _notice(setting: StoreNotice, store: Store) -> Notice | None:
    if not setting.text:
        return None
    url = setting.link[0].value.href(store.site) if setting.link else ""
    return Notice(setting.text, url, setting.starts_at, setting.ends_at)


def _details(setting: StoreDetails) -> Details:
    profiles = tuple(Link(child.value["name"], child.value["address"]) for child in setting.profiles)
    return Details(setting.about, setting.email, setting.phone, setting.address, setting.hours, profiles)


def _menus(setting: StoreMenus, store: Store) -> dict[str, tuple[Link, ...]]:
    columns = [(child.value["title"], _links(child.value["links"], store.site)) for child in setting.footer]
    return {
        "main": _links([child.value for child in setting.main], store.site),
        "footer": tuple(Link(title, "", links) for title, links in columns if links),
        "legal": _links([child.value for child in setting.legal], store.site),
    }


def _links(values: Any, site: Site) -> tuple[Link, ...]:
    """Those links that lead somewhere, or hold others that do."""
    links = [Link(value.title, value.href(site), _children(value, site)) for value in values]
    return tuple(link for link in links if link.url or link.children)


def _children(value: StructValue, site: Site) -> tuple[Link, ...]:
    listed = (
        value["category"].get_children().browsable() if value.get("lists_subcategories") and value["category"] else ()
    )
    below = tuple(Link(category.name, category.get_absolute_url()) for category in listed)
    return below + _links(value.get("children") or (), site)

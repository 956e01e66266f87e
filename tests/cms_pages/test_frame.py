"""What stands around every page: menus, announcement, contact details; each store's own."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from cms_pages.blocks import LinkBlock
from cms_pages.blocks.menus import MenuItemBlock
from cms_pages.frame import frame_of
from cms_pages.models import ContactPage, HomePage, StoreDetails, StoreMenus, StoreNotice, TextPage
from shop.catalogue.models import Category
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope
from tests.cms_pages.reading import read
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


def set_menu(store: Store, *items: dict[str, Any]) -> None:
    menus, _ = StoreMenus.objects.get_or_create(site=store.site)
    menus.main = [{"type": "item", "value": item} for item in items]
    menus.save()


def now() -> Store:
    """The store as the next request reads it."""
    return Store.objects.select_related("site__root_page").get()


def test_a_menu_leads_to_pages_categories_and_addresses(home: HomePage, aurora_store: Store, client: Client) -> None:
    lamps = Category.add_root(name="Lamps")
    lamps.add_child(name="Table")
    lamps.add_child(name="Hidden", is_public=False)
    set_menu(
        aurora_store,
        {"category": lamps.pk, "lists_subcategories": True, "children": [{"address": "/catalogue/", "text": "All"}]},
        {"page": ContactPage.objects.get().pk, "text": "Write to us"},
        {"address": "https://example.com/blog", "text": "Blog"},
    )

    page = read(client, "/")

    assert page.texts(".menu__list > li > a, .menu__list summary") == ["Lamps", "Write to us", "Blog"]
    assert page.texts(".menu__panel a") == ["All Lamps", "Table", "All"]
    assert page.attributes(".menu__link", "href") == ["/contact/", "https://example.com/blog"]


def test_what_is_gone_is_not_in_the_menu(home: HomePage, aurora_store: Store, client: Client) -> None:
    draft = home.add_child(instance=TextPage(title="Draft", slug="draft", live=False))
    deleted = home.add_child(instance=TextPage(title="Deleted", slug="deleted"))
    hidden = Category.add_root(name="Hidden", is_public=False)
    set_menu(aurora_store, {"page": draft.pk}, {"page": deleted.pk}, {"category": hidden.pk}, {"page": home.pk})
    deleted.delete()

    assert read(client, "/").texts(".menu__link") == ["Aurora"]


@pytest.mark.parametrize("change", ["publish", "unpublish", "move", "category"])
def test_a_change_of_what_a_menu_leads_to_shows_on_the_next_page(
    change: str, home: HomePage, aurora_store: Store, client: Client
) -> None:
    page = home.add_child(instance=TextPage(title="Us", slug="us"))
    inner = home.add_child(instance=TextPage(title="More", slug="more"))
    category = Category.add_root(name="Lamps")
    set_menu(aurora_store, {"page": page.pk}, {"category": category.pk})
    assert read(client, "/").texts(".menu__link") == ["Us", "Lamps"]

    match change:
        case "publish":
            page.title, page.slug = "We", "we"
            page.save_revision().publish()
        case "unpublish":
            page.unpublish()
        case "move":
            page.move(inner, pos="last-child")
        case "category":
            category.name = "Lights"
            category.save()

    after = read(client, "/")
    assert (
        list(zip(after.texts(".menu__link"), after.attributes(".menu__link", "href"), strict=True))
        == {
            "publish": [("We", "/we/"), ("Lamps", category.get_absolute_url())],
            "unpublish": [("Lamps", category.get_absolute_url())],
            "move": [("Us", "/more/us/"), ("Lamps", category.get_absolute_url())],
            "category": [("Us", "/us/"), ("Lights", category.get_absolute_url())],
        }[change]
    )


@pytest.mark.parametrize(
    ("value", "is_accepted"),
    [
        ({"address": "/catalogue/"}, True),
        ({"address": "javascript:alert(1)"}, False),
        ({"address": "", "text": "Nowhere"}, False),
    ],
)
def test_an_editor_links_to_one_safe_target(value: dict[str, str], is_accepted: bool) -> None:
    block = LinkBlock()

    if is_accepted:
        block.clean(block.to_python(value))
    else:
        with pytest.raises(ValidationError):
            block.clean(block.to_python(value))


def test_a_link_has_one_target_only(home: HomePage) -> None:
    block = MenuItemBlock()

    with pytest.raises(ValidationError):
        block.clean(block.to_python({"page": home.pk, "address": "/catalogue/"}))


def test_the_footer_has_columns_and_a_legal_line(home: HomePage, client: Client) -> None:
    page = read(client, "/")

    assert page.texts(".footer__columns h2") == ["Service"]
    assert page.texts(".footer__list a") == ["Contact", "Questions and answers", "Delivery and returns"]
    assert page.texts(".footer__legal a")[:3] == ["Terms and conditions", "Privacy", "Imprint"]


@pytest.mark.parametrize(
    ("starts_in", "ends_in", "is_shown"),
    [(None, None, True), (-1, 1, True), (1, None, False), (None, -1, False), (-2, -1, False)],
)
def test_an_announcement_is_shown_in_its_time(
    starts_in: int | None, ends_in: int | None, is_shown: bool, home: HomePage, aurora_store: Store, client: Client
) -> None:
    def moment(hours: int | None) -> datetime | None:
        return None if hours is None else timezone.now() + timedelta(hours=hours)

    StoreNotice.objects.create(
        site=aurora_store.site,
        text="Free <delivery>",
        link=[{"type": "link", "value": {"address": "/delivery/"}}],
        starts_at=moment(starts_in),
        ends_at=moment(ends_in),
    )

    page = read(client, "/")

    assert page.texts(".announcement") == ["Free <delivery>" if is_shown else ""]
    assert page.attributes(".announcement a", "href") == (["/delivery/"] if is_shown else [])


def test_an_announcement_does_not_end_before_it_begins(aurora_store: Store) -> None:
    moment = timezone.now()

    with pytest.raises(ValidationError):
        StoreNotice(site=aurora_store.site, text="x", starts_at=moment, ends_at=moment).full_clean()


def test_the_details_of_a_store_are_in_its_footer(home: HomePage, aurora_store: Store, client: Client) -> None:
    StoreDetails.objects.update(
        about="Lamps since 1999.",
        phone="+44 20 7946 0000",
        profiles=[{"type": "profile", "value": {"name": "Mastodon", "address": "https://mastodon.example/@aurora"}}],
    )
    Store.objects.update(content_version=1000)

    page = read(client, "/")

    assert "Lamps since 1999." in page.texts(".footer__about")[0]
    assert page.attribute('.footer a[href^="https://mastodon"]', "rel") == ["me", "noopener"]


def test_a_frame_costs_no_query_once_it_is_built(home: HomePage) -> None:
    frame_of(now())
    store = now()

    with counted_queries() as queries:
        frame_of(store)

    assert len(queries) == 0, str(queries)


def test_building_a_frame_takes_as_many_queries_for_many_links_as_for_few(home: HomePage, aurora_store: Store) -> None:
    home.get_url()  # Wagtail keeps the roots of sites in the cache
    counts = []
    for n in (2, 6):
        pages = [home.add_child(instance=TextPage(title=f"Page {n} {i}", slug=f"page-{n}-{i}")) for i in range(n)]
        categories = [Category.add_root(name=f"Category {n} {i}") for i in range(n)]
        set_menu(
            aurora_store,
            {
                "address": "/",
                "text": "All",
                "children": [*({"page": page.pk} for page in pages), *({"category": c.pk} for c in categories)],
            },
        )
        store = now()
        with counted_queries() as queries:
            assert len(frame_of(store).menus["main"][0].children) == 2 * n
        counts.append(len(queries))

    assert counts[0] == counts[1], str(queries)


# The stranger


def test_a_menu_leads_to_nothing_of_another_merchant(
    home: HomePage, aurora_store: Store, lumen: Merchant, client: Client
) -> None:
    with merchant_scope(lumen.pk):
        theirs = Store.objects.get().site.root_page_id
        category = Category.add_root(name="Theirs").pk

    set_menu(aurora_store, {"page": theirs}, {"category": category}, {"page": home.pk})

    assert read(client, "/").texts(".menu__link") == ["Aurora"]

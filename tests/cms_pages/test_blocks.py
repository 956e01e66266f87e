"""Each block of a page, as a visitor gets it, in each theme."""

from typing import Any

import pytest
from django.test import Client

from cms_pages.models import HomePage, StoreImage
from shop.catalogue.models import Category
from shop.listings.actions import unlist_products
from shop.outbox.draining import drain_all
from shop.stores.models import Store
from shop.stores.scope import merchant_scope
from shop.stores.themes import installed_themes
from tests.cms_pages.pictures import picture
from tests.cms_pages.reading import Read, read
from tests.goods import a_parent, a_product
from tests.queries import counted_queries

pytestmark = pytest.mark.django_db


def show(client: Client, home: HomePage, *blocks: tuple[str, Any]) -> Read:
    """The home page when it consists of these blocks, given as the database keeps them."""
    home.body = [{"type": kind, "value": value} for kind, value in blocks]
    home.save_revision().publish()
    return read(client, "/")


def test_a_hero_has_a_line_above_a_text_a_picture_and_two_links(
    home: HomePage, image: StoreImage, client: Client
) -> None:
    value = {
        "eyebrow": "New",
        "heading": "Light",
        "text": "For evenings.",
        "image": {"image": image.pk, "alt_text": "A lamp on a table", "decorative": False},
        "links": [{"address": "/catalogue/", "text": "Look"}, {"page": home.pk}],
    }

    page = show(client, home, ("hero", value))

    assert page.texts(".hero__eyebrow, .hero h1, .hero__text > p:nth-of-type(2)") == ["New", "Light", "For evenings."]
    assert page.attribute(".hero img", "alt") == "A lamp on a table"
    assert page.attributes(".hero a", "href") == ["/catalogue/", "/"]
    assert page.texts(".hero a") == ["Look", "Aurora"]


def test_prose_keeps_its_features(home: HomePage, client: Client) -> None:
    page = show(client, home, ("prose", '<h2>Glass</h2><p>is <b>blown</b>.</p><a linktype="page" id="999999">Gone</a>'))

    assert page.texts(".prose h2, .prose p") == ["Glass", "is blown."]
    assert "999999" not in page.text


def test_a_figure_has_a_caption_and_a_credit(home: HomePage, image: StoreImage, client: Client) -> None:
    StoreImage.objects.update(credit="Ada Byron")

    page = show(
        client,
        home,
        ("figure", {"image": {"image": image.pk, "alt_text": "A lamp"}, "caption": "Lit", "width": "page"}),
    )

    assert page.texts("figure.figure--page figcaption") == ["Lit Ada Byron"]
    assert page.attribute("figure img", "width") == "1200", "the picture itself, until there is a smaller one"
    drain_all()
    drawn = read(client, "/")
    assert (drawn.attribute("figure img", "width"), drawn.attribute("figure img", "height")) == ("960", "640")
    assert drawn.attribute("figure source", "type") == "image/avif"


def test_a_feature_stands_on_either_side(home: HomePage, image: StoreImage, client: Client) -> None:
    value = {"heading": "By hand", "text": "<p>Slowly.</p>", "image": {"image": image.pk, "decorative": True}}

    page = show(client, home, ("feature", value), ("feature", {**value, "is_turned": True}))

    assert page.texts(".feature h2") == ["By hand", "By hand"]
    assert len(page.soup.select(".feature--turned")) == 1
    assert page.attributes(".feature img", "alt") == ["", ""]


def test_a_picture_that_is_gone_from_the_library_takes_nothing_else_with_it(
    home: HomePage, image: StoreImage, client: Client
) -> None:
    value = {"heading": "By hand", "text": "Slowly.", "image": {"image": image.pk, "decorative": True}}
    show(client, home, ("hero", value), ("feature", value), ("figure", {**value, "caption": "Lit", "width": "page"}))

    image.delete()
    page = read(client, "/")

    assert page.texts(".hero h1, .feature h2") == ["By hand", "By hand"]
    assert page.attributes("main img", "src") == []
    assert "Lit" not in page.text


def test_a_call_leads_somewhere(home: HomePage, client: Client) -> None:
    page = show(client, home, ("call", {"heading": "Ask us", "link": {"address": "tel:+44123", "text": "Call"}}))

    assert page.texts(".call h2") == ["Ask us"]
    assert page.attribute(".call a", "href") == "tel:+44123"


def test_questions_open_without_a_script(home: HomePage, client: Client) -> None:
    value = {"heading": "Ask", "questions": [{"question": "How long?", "answer": "<p>Two days.</p>"}]}

    page = show(client, home, ("questions", value))

    assert page.texts("details summary") == [  # the menu has groups of its own
        *page.texts(".menu summary"),
        "How long?",
    ]


def test_categories_are_tiles(home: HomePage, client: Client) -> None:
    lamps = Category.add_root(name="Lamps")
    hidden = Category.add_root(name="Hidden", is_public=False)

    page = show(client, home, ("categories", {"heading": "", "categories": [lamps.pk, hidden.pk, 999_999]}))

    assert page.texts(".category-tile h3") == ["Lamps"]
    assert page.attribute(".category-tile", "href") == lamps.get_absolute_url()


@pytest.mark.parametrize("theme", sorted(installed_themes()))
def test_chosen_products_keep_their_order_in_every_theme(
    theme: str, home: HomePage, aurora_store: Store, client: Client
) -> None:
    Store.objects.update(theme=theme)
    cup, shirt = a_product("Cup", aurora_store), a_parent("Shirt", aurora_store, variants={"S": "8", "L": "9"})

    page = show(client, home, ("products", {"heading": "Ours", "products": [shirt.pk, cup.pk, shirt.pk]}))

    links = [link for link in page.attributes("main a", "href") if link.startswith("/catalogue/")]
    assert list(dict.fromkeys(links)) == [shirt.get_absolute_url(), cup.get_absolute_url()]
    assert "£8.00" in page.text
    assert "£10.00" in page.text


@pytest.mark.parametrize("theme", sorted(installed_themes()))
def test_a_product_that_stands_twice_on_a_page_gives_no_name_twice(
    theme: str, home: HomePage, aurora_store: Store, client: Client
) -> None:
    Store.objects.update(theme=theme)
    block = ("products", {"heading": "Ours", "products": [a_product("Cup", aurora_store).pk]})

    ids = show(client, home, block, block).attributes("[id]", "id")

    assert len(ids) == len(set(ids))


def test_products_that_the_store_does_not_show_fall_out(home: HomePage, aurora_store: Store, client: Client) -> None:
    shown, hidden, unlisted, deleted = (
        a_product("Shown", aurora_store),
        a_product("Hidden", aurora_store, is_public=False),
        a_product("Unlisted", aurora_store),
        a_product("Deleted", aurora_store),
    )
    unlist_products(aurora_store, [unlisted])
    ids = [product.pk for product in (deleted, hidden, shown, unlisted)]
    deleted.delete()

    page = show(client, home, ("products", {"heading": "", "products": ids}))

    assert page.texts(".card__title") == ["Shown"]


def test_a_block_without_products_to_show_is_not_there(home: HomePage, client: Client) -> None:
    page = show(
        client,
        home,
        ("products", {"heading": "Nothing", "products": [999_999]}),
        ("category_products", {"category": 999_999, "heading": "Nothing", "count": 4}),
    )

    assert page.status == 200
    assert "Nothing" not in page.text


def test_a_category_shows_the_first_of_what_is_in_and_below_it(
    home: HomePage, aurora_store: Store, client: Client
) -> None:
    home_ware = Category.add_root(name="Home")
    lamps = home_ware.add_child(name="Lamps")
    for title, category in (("C", home_ware), ("A", lamps), ("B", lamps)):
        a_product(title, aurora_store).categories.add(category)
    a_product("AA", aurora_store, is_public=False).categories.add(lamps)

    page = show(client, home, ("category_products", {"category": home_ware.pk, "heading": "", "count": 2}))

    assert page.texts(".card__title") == ["A", "B"]
    assert page.texts(".section__head h2") == ["Home"]
    assert page.attribute(".section__head a", "href") == home_ware.get_absolute_url()


def test_a_page_takes_as_many_queries_for_many_products_as_for_few(
    home: HomePage, aurora_store: Store, client: Client
) -> None:
    category = Category.add_root(name="Lamps")
    products = [a_product(f"Lamp {n:02}", aurora_store) for n in range(10)]
    products += [a_parent(f"Set {n}", aurora_store, variants={"S": "8", "L": "9"}) for n in range(2)]
    for product in products:
        product.categories.add(category)
    counts = []
    for n in (6, 12):
        blocks = [("products", {"heading": "", "products": [product.pk]}) for product in products[-n:]]
        blocks.append(("category_products", {"category": category.pk, "heading": "", "count": n}))
        show(client, home, *blocks)
        with counted_queries() as queries:
            page = read(client, "/")
        assert len(page.texts(".card")) == 2 * n
        counts.append(len(queries))

    assert counts[0] == counts[1], str(queries)


# The stranger


def test_another_merchants_products_and_pictures_are_nothing_to_a_page(
    home: HomePage, aurora_store: Store, lumen: Any, client: Client
) -> None:

    with merchant_scope(lumen.pk):
        theirs = a_product("Theirs", Store.objects.get())
        category = Category.add_root(name="Their category")
        image = picture("Their picture")

    page = show(
        client,
        home,
        ("products", {"heading": "", "products": [theirs.pk]}),
        ("categories", {"heading": "", "categories": [category.pk]}),
        ("hero", {"heading": "Ours", "image": {"image": image.pk, "alt_text": "x"}, "links": []}),
    )

    assert page.status == 200
    assert page.texts(".card, .category-tile, .hero img") == []

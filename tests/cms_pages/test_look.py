"""A store's own look: what may be set, and what its style sheet says."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from cms_pages.models import HomePage, StoreImage, StoreLook
from cms_pages.stylesheets import stylesheet_of, theme_palette
from shop.outbox.draining import drain_all
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope
from tests.cms_pages.reading import read

pytestmark = pytest.mark.django_db

AURORA = {"host": "aurora.example"}


@pytest.fixture
def look(home: HomePage, aurora_store: Store) -> StoreLook:
    return StoreLook(site=aurora_store.site)


def test_a_theme_says_what_its_colours_are() -> None:
    assert theme_palette("base") == {"brand": "#1f5d4c", "paper": "#fbfaf6", "ink": "#1b2521"}
    assert theme_palette("clinic")["brand"] == "#0b587f"


def test_a_store_without_a_look_has_no_style_sheet(home: HomePage, client: Client) -> None:
    assert "theme.css" not in read(client, "/").text
    assert client.get("/theme.css", headers=AURORA).content == b""


def test_a_look_shows_on_the_next_page(look: StoreLook, client: Client) -> None:
    read(client, "/")
    look.brand, look.corners, look.display_type = "#aa3300", "square", "book"
    look.full_clean()
    look.save()

    address = read(client, "/").attribute('link[href^="/theme.css"]', "href")
    response = client.get(address, headers=AURORA)

    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    css = response.content.decode()
    assert css.startswith("@layer store{:root{--brand:#aa3300;--font-display:")
    assert css.endswith("--radius:0px;}}")


def test_another_look_has_another_address(look: StoreLook, client: Client) -> None:
    look.brand = "#aa3300"
    look.save()
    before = read(client, "/").attribute('link[href^="/theme.css"]', "href")
    look.brand = "#0033aa"
    look.save()

    after = read(client, "/").attribute('link[href^="/theme.css"]', "href")

    assert after != before
    assert client.get(before, headers=AURORA)["Cache-Control"] == "public, max-age=60"


def test_a_logo_stands_for_the_name(look: StoreLook, image: StoreImage, client: Client) -> None:
    look.logo = image
    look.save()

    page = read(client, "/")
    assert page.attribute(".masthead .logo img", "alt") == "Aurora"
    assert page.attribute(".masthead .logo img", "height") == "800"

    drain_all()
    page = read(client, "/")
    assert page.attribute(".masthead .logo img", "height") == "144"


@pytest.mark.parametrize("value", ["red", "#fff", "#12345g", "#123456;}body{display:none}", "url(//evil.example)"])
def test_what_is_no_colour_is_refused(look: StoreLook, value: str) -> None:
    look.brand = value

    with pytest.raises(ValidationError) as error:
        look.full_clean()

    assert "brand" in error.value.message_dict


@pytest.mark.parametrize(
    ("colours", "field"),
    [
        ({"ink": "#cccccc"}, "ink"),
        ({"paper": "#1b2521"}, "ink"),
        ({"paper": "#101010", "ink": "#f0f0f0"}, "brand"),
    ],
)
def test_colours_that_cannot_be_read_are_refused(look: StoreLook, colours: dict[str, str], field: str) -> None:
    for name, value in colours.items():
        setattr(look, name, value)

    with pytest.raises(ValidationError) as error:
        look.full_clean()

    assert list(error.value.message_dict) == [field]


def test_whatever_the_database_holds_nothing_gets_into_the_style_sheet(look: StoreLook) -> None:
    look.brand, look.paper, look.ink = "#123456;}", "</style>", "#ABCDEF"
    look.display_type, look.corners = "x;}*{color:red", "99px"

    assert stylesheet_of(look) == "@layer store{:root{--ink:#abcdef;}}"


# The stranger


def test_the_look_of_one_merchant_is_not_anothers(look: StoreLook, lumen: Merchant, client: Client) -> None:
    look.brand = "#aa3300"
    look.save()
    address = read(client, "/").attribute('link[href^="/theme.css"]', "href")

    assert client.get(address, headers={"host": "lumen.example"}).content == b""
    with merchant_scope(lumen.pk):
        assert not StoreLook.objects.exists()

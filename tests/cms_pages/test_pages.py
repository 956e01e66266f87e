"""Each type of page, as a visitor gets it."""

from datetime import date

import pytest
from django.test import Client

from cms_pages.models import (
    ArticleIndexPage,
    ArticlePage,
    FaqPage,
    HomePage,
    LandingPage,
    StoreImage,
    TextPage,
)
from shop.outbox.draining import drain_all
from shop.stores.models import Merchant
from tests.cms_pages.reading import read


def test_a_home_page_is_what_visitors_land_on(home: HomePage, client: Client) -> None:
    page = read(client, "/")

    assert page.status == 200
    assert page.title == "Aurora"
    assert page.texts("h1") == ["Aurora"]
    assert page.texts(".breadcrumbs") == []
    assert page.attribute('link[rel="canonical"]', "href") == "http://aurora.example:8000/"


def test_a_hero_that_comes_first_says_what_the_page_is_called(home: HomePage, client: Client) -> None:
    home.body = [("hero", {"heading": "Light for evenings"}), ("hero", {"heading": "And mornings"})]
    home.save_revision().publish()

    page = read(client, "/")

    assert page.texts("h1") == ["Light for evenings"]
    assert page.texts("h2.hero, .hero h2") == ["And mornings"]


def test_a_landing_page_stands_below_the_home_page(home: HomePage, client: Client) -> None:
    landing = home.add_child(instance=LandingPage(title="Autumn", slug="autumn", search_description="Warm light"))
    landing.add_child(instance=LandingPage(title="October", slug="october"))

    outer, inner = read(client, "/autumn/"), read(client, "/autumn/october/")

    assert outer.title == "Autumn · Aurora"
    assert outer.attribute('meta[name="description"]', "content") == "Warm light"
    assert inner.texts(".breadcrumbs li") == ["Home", "Autumn", "October"]


def test_a_text_page_shows_its_text(home: HomePage, client: Client) -> None:
    home.add_child(instance=TextPage(title="About", slug="about", body="<h2>We</h2><p>make <b>lamps</b>.</p>"))

    page = read(client, "/about/")

    assert page.texts("h1") == ["About"]
    assert page.texts(".prose h2") == ["We"]
    assert page.texts(".prose p") == ["make lamps."]


def test_an_index_lists_its_live_articles_the_newest_first(home: HomePage, client: Client) -> None:
    index = home.add_child(instance=ArticleIndexPage(title="Journal", slug="journal"))
    index.add_child(instance=ArticlePage(title="Old", slug="old", date=date(2026, 1, 1)))
    index.add_child(instance=ArticlePage(title="New", slug="new", date=date(2026, 2, 1)))
    index.add_child(instance=ArticlePage(title="Draft", slug="draft", live=False))

    page = read(client, "/journal/")

    assert page.texts(".article-card__title") == ["New", "Old"]


def test_an_article_shows_its_picture_date_and_author(home: HomePage, image: StoreImage, client: Client) -> None:
    index = home.add_child(instance=ArticleIndexPage(title="Journal", slug="journal"))
    index.add_child(
        instance=ArticlePage(
            title="Lamps", slug="lamps", date=date(2026, 2, 1), author="Ada", lead="On lamps.", image=image
        )
    )

    read(client, "/journal/lamps/")
    drain_all()
    page = read(client, "/journal/lamps/")

    assert page.texts(".eyebrow") == ["1 Feb 2026 · Ada"]
    assert page.attribute('meta[property="og:description"]', "content") == "On lamps."
    assert page.attribute('meta[property="og:image"]', "content").startswith("http://aurora.example:8000/media/")
    assert page.attribute(".article img", "srcset").split(", ")[0].endswith(".webp 800w")


def test_questions_stand_in_groups(home: HomePage, client: Client) -> None:
    group = {"heading": "Delivery", "questions": [{"question": "How long?", "answer": "<p>Two days.</p>"}]}
    faq = FaqPage.objects.get()
    faq.groups = [{"type": "questions", "value": group}]
    faq.save_revision().publish()

    page = read(client, "/faq/")

    assert page.texts(".questions h2") == ["Delivery"]
    assert page.texts(".questions summary") == ["How long?"]
    assert page.texts(".questions .prose") == ["Two days."]


@pytest.mark.parametrize("path", ["/", "/contact/", "/faq/", "/delivery/", "/terms/", "/privacy/", "/imprint/"])
def test_the_pages_of_one_merchant_are_not_on_anothers_host(
    path: str, home: HomePage, lumen: Merchant, client: Client
) -> None:
    page = read(client, path, host="lumen.example")

    assert "Aurora" not in page.text

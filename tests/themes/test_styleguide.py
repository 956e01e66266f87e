import pytest
from bs4 import BeautifulSoup

from shop.stores.themes import installed_themes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("config.urls_dev")]


@pytest.mark.parametrize("theme", sorted(installed_themes()))
def test_the_pattern_page_shows_every_theme(client, aurora_store, theme: str) -> None:
    response = client.get(f"/styleguide/{theme}/", headers={"host": "aurora.example"})

    assert response.status_code == 200
    assert f"themes/{theme}/css/" in response.content.decode()
    assert "Stoneware diffuser" in response.content.decode()


@pytest.mark.parametrize("theme", sorted(installed_themes()))
def test_what_a_field_is_described_by_stands_in_the_page(client, aurora_store, theme: str) -> None:
    page = BeautifulSoup(client.get(f"/styleguide/{theme}/", headers={"host": "aurora.example"}).content, "html.parser")

    described = {name for field in page.select("[aria-describedby]") for name in field["aria-describedby"].split()}

    assert "sample_consent_error" in described
    assert described <= {element["id"] for element in page.select("[id]")}


def test_an_unknown_theme_has_no_pattern_page(client, aurora_store) -> None:
    assert client.get("/styleguide/baroque/", headers={"host": "aurora.example"}).status_code == 404

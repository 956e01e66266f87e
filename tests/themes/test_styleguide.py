import pytest

from shop.stores.themes import installed_themes

pytestmark = [pytest.mark.django_db, pytest.mark.urls("config.urls_dev")]


@pytest.mark.parametrize("theme", sorted(installed_themes()))
def test_the_pattern_page_shows_every_theme(client, aurora_store, theme: str) -> None:
    response = client.get(f"/styleguide/{theme}/", headers={"host": "aurora.example"})

    assert response.status_code == 200
    assert f"themes/{theme}/css/" in response.content.decode()
    assert "Stoneware diffuser" in response.content.decode()


def test_an_unknown_theme_has_no_pattern_page(client, aurora_store) -> None:
    assert client.get("/styleguide/baroque/", headers={"host": "aurora.example"}).status_code == 404

"""What a page shows of products."""

import re

from django.test import Client


def titles(response) -> list[str]:
    """Of the cards of a page, in their order."""
    assert response.status_code == 200
    return re.findall(r'class="card__title"><a href="[^"]+">([^<]+)', response.content.decode())


def find(shopper: Client, words: str, **query: object) -> list[str]:
    return titles(shopper.get("/search/", {"q": words} | query))

"""Reading a page as a visitor's browser gets it."""

from dataclasses import dataclass

from bs4 import BeautifulSoup
from django.test import Client


@dataclass(frozen=True)
class Read:
    """An answer and its HTML; elements are found by CSS selectors."""

    status: int
    soup: BeautifulSoup

    @property
    def title(self) -> str:
        return self.soup.title.get_text(strip=True) if self.soup.title else ""

    @property
    def text(self) -> str:
        return str(self.soup)

    def texts(self, selector: str) -> list[str]:
        """The text of each element, its white space made single."""
        return [" ".join(element.get_text().split()) for element in self.soup.select(selector)]

    def attribute(self, selector: str, name: str) -> str:
        """An attribute of the one element that is meant. Raises `ValueError` where there is none, or several."""
        (element,) = self.soup.select(selector)
        return element[name]

    def attributes(self, selector: str, name: str) -> list[str]:
        return [element[name] for element in self.soup.select(selector)]


def read(client: Client, path: str, *, host: str = "aurora.example") -> Read:
    response = client.get(path, headers={"host": host})
    return Read(response.status_code, BeautifulSoup(response.content, "html.parser"))

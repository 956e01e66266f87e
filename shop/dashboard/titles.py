"""Tabs are told apart by what their pages are about: the heading, which templates write once, and the store."""

import re

from django.utils.html import escape, strip_tags

HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
TITLE = re.compile(r"<title>.*?</title>", re.DOTALL)


def with_heading_as_title(page: str, store_name: str) -> str:
    """The page with `heading · store` as its title, the store once; as it is where it has no heading."""
    heading = HEADING.search(page)
    if heading is None:
        return page
    store = escape(store_name)
    text = " ".join(strip_tags(heading[1]).split()).removesuffix(f" · {store}")
    return TITLE.sub(lambda _: f"<title>{text} · {store}</title>", page, count=1)

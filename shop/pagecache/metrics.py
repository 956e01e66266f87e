"""How often pages were kept, and why not."""

from prometheus_client import Counter

PAGES = Counter(
    "stoa_pages", "Pages of the shopper's side: hit, made, or why no kept page could be the answer.", ["result"]
)


def count(result: str) -> None:
    PAGES.labels(result).inc()

"""What is asked of a filled shop: addresses of each kind of page, others each time, the same for the same seed."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import parse_qs, urlencode

from bench.browsing import Visitor
from bench.goods import EVERYWHERE, PER_EVEN, even_categories, even_words, vocabulary
from shop.catalogue.models import Category, Product
from shop.search.criteria import Sort

SEARCH, PROPOSALS = "/search/", "/search/suggest/"
EACH = 200
"""Addresses of a kind."""
FACETED = 10
"""Different searches with facets: each choice is read from a page."""
FREQUENT = 200
PER_PAGE = 24
ORDERS = [sort for sort in Sort if sort != Sort.RELEVANCE]


@dataclass(frozen=True)
class Kind:
    """A kind of page. Limits, in milliseconds, are those of an answer that no cache has; that of the processor is for
    all but its rendering."""

    name: str
    paths: Sequence[str]
    cpu_limit: float | None = None
    p95_limit: float | None = None
    is_even: bool = False
    """Whether its pages find as much in a shop of any size."""


def kinds(visitor: Visitor, products: int, seed: int) -> Iterator[Kind]:
    """Those that are asked for by GET, in the scope of the merchant. `visitor` looks for facets to choose."""
    words, dice = vocabulary(seed), random.Random(seed)
    frequent, even = words[:FREQUENT], even_words(words)[: even_categories(products)]
    listed = {"cpu_limit": 4.8, "p95_limit": 60}
    searched = {"cpu_limit": 15, "p95_limit": 100}
    yield Kind("list, a category of 240", _even_lists([word.capitalize() for word in even]), **listed, is_even=True)
    yield Kind("list, a category at the top", [_page(path, n) for path in _roots() for n in range(1, 6)], **listed)
    yield Kind("list, everything", [_page("/catalogue/", n) for n in range(1, products // PER_PAGE)][:50], **listed)
    ids = dice.sample(range(1, products + 1), min(EACH, products))
    paths = [product.get_absolute_url() for product in Product.objects.filter(pk__in=ids)]
    yield Kind("product", paths, cpu_limit=5.3, p95_limit=50, is_even=True)
    yield Kind("search, a word of 240", list(map(_search, even)), **searched, is_even=True)
    yield Kind("search, a frequent word", list(map(_search, frequent)), **searched)
    pairs = [" ".join(dice.sample(frequent, 2)) for _ in range(EACH)]
    yield Kind("search, two words", list(map(_search, pairs)), **searched)
    slips = [slipped(dice.choice(words[FREQUENT:]), dice) for _ in range(EACH)]
    yield Kind("search, a slip", list(map(_search, slips)), **searched)
    chosen = [choose_facets(visitor, _search(word)) for word in frequent[:FACETED]]
    yield Kind("search, three facets", list(filter(None, chosen)), **searched)
    yield Kind("search, all that there is", [_search(EVERYWHERE)], p95_limit=100)
    of_all = choose_facets(visitor, _search(EVERYWHERE))
    assert of_all, "there is nothing to choose"
    yield Kind("search, three facets of all", [of_all], p95_limit=100)
    begun = [word[:letters] for word in dice.sample(words[:2000], EACH) for letters in (2, 3, 4)]
    yield Kind("proposals", [f"{PROPOSALS}?{urlencode({'q': each})}" for each in begun], p95_limit=30)


def unseen(products: int, seed: int) -> Iterator[Kind]:
    """More addresses than are asked for in some seconds, so that none comes twice: whole pages of lists in every order,
    products, and searches."""
    words, dice = vocabulary(seed), random.Random(seed)
    even = [word.capitalize() for word in even_words(words)[: even_categories(products)]]
    lists = [_page(path, n) for path in _roots() for n in range(1, 11)] + _even_lists(even)
    ids = dice.sample(range(1, products + 1), min(10 * EACH, products))
    paths = [product.get_absolute_url() for product in Product.objects.filter(pk__in=ids)]
    pairs = [" ".join(dice.sample(words[:FREQUENT], 2)) for _ in range(10 * EACH)]
    ordered = [f"{path}{'&' if '?' in path else '?'}sort_by={sort}" for path in lists for sort in ORDERS]
    yield Kind("list, for the first time", dice.sample(ordered, len(ordered)), p95_limit=60)
    yield Kind("product, for the first time", dice.sample(paths, len(paths)), p95_limit=50)
    yield Kind("search, for the first time", list(map(_search, pairs)), p95_limit=100)


def slipped(word: str, dice: random.Random) -> str:
    """The same with two letters exchanged, or one left out."""
    at = dice.randrange(1, len(word) - 1)
    return word[:at] + dice.choice((word[at + 1 :], word[at + 1] + word[at] + word[at + 2 :]))


def choose_facets(visitor: Visitor, path: str, *, choices: int = 3) -> str | None:
    """The address when somebody has chosen the most frequent value of so many facets, one after another; None where
    there are not so many to choose."""
    for _ in range(choices):
        query = parse_qs(path.partition("?")[2])
        offered = [each for each in _offered(visitor.get(path)) if not each[1].keys() <= query.keys()]
        if not offered:
            return None
        path = f"{path.partition('?')[0]}?{max(offered, key=lambda each: each[0])[2]}"
    return path


def _offered(page: str) -> Iterator[tuple[int, dict[str, list[str]], str]]:
    """Each value that may be chosen: how much it finds, its address's query, read and as it is."""
    links = r'<a class="facet__link" href="\?([^"]+)"[^>]*>.*?<small>([^<]*)</small>'
    for query, count in re.findall(links, page, re.DOTALL):
        yield int(re.sub(r"\D", "", count)), parse_qs(unescape(query)), unescape(query)


def _even_lists(names: Sequence[str]) -> list[str]:
    paths = [category.get_absolute_url() for category in Category.objects.filter(name__in=names)]
    return [_page(path, number) for number in range(1, PER_EVEN // PER_PAGE + 1) for path in paths]


def _roots() -> list[str]:
    return [category.get_absolute_url() for category in Category.get_root_nodes()]


def _page(path: str, number: int) -> str:
    return f"{path}?page={number}" if number > 1 else path


def _search(words: str) -> str:
    return f"{SEARCH}?{urlencode({'q': words})}"


Step = Callable[[Visitor, int], None]
LINES = 5
"""How many things a visitor puts into a basket before another one comes."""


def adding(products: int, dice: random.Random) -> Step:
    """Something into the basket; each visitor has up to five."""

    def step(visitor: Visitor, number: int) -> None:
        if number % LINES == 0:
            visitor.forget_basket()
        visitor.add(dice.randint(1, min(products, PER_EVEN)))

    return step


def ordering(products: int, dice: random.Random) -> Step:
    """A whole order of one line, by a guest."""

    def step(visitor: Visitor, number: int) -> None:
        visitor.forget_basket()
        visitor.add(dice.randint(1, min(products, PER_EVEN)))
        visitor.place(visitor.check_out())

    return step

"""What may be meant while somebody is still typing: products and categories, a few of each, the likeliest first."""

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from shop.catalogue.models import Category, Product
from shop.merchandising.queries import said_of
from shop.stores.models import Store

from .contract import Typed
from .criteria import Criteria
from .engines import engine
from .forms import LONGEST_SEARCH

SHORTEST, MOST_WORDS = 2, 8
MOST_PRODUCTS, MOST_CATEGORIES = 6, 3

CATEGORIES = """
SELECT path FROM (
       SELECT id, path, name FROM catalogue_category
        WHERE is_public AND ancestors_are_public AND ' ' || lower(unaccent(name)) LIKE '%% ' || %(beginning)s || '%%'
        ORDER BY length(name), name, id LIMIT %(some)s
       ) AS category
 WHERE EXISTS (SELECT FROM search_scoped WHERE store_id = %(store_id)s AND category_ids @> ARRAY[category.id])
 ORDER BY length(name), name, id LIMIT %(most)s
"""
SOME_CATEGORIES = 12


@dataclass(frozen=True)
class Suggestion:
    title: str
    url: str
    kind: str
    """What it is, in the reader's language."""


def folded_words(typed: str) -> list[str]:
    """The words of what is typed, in small letters without accents; none where that is too short, or too much."""
    if len(typed) > LONGEST_SEARCH or "\x00" in typed:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower(unaccent(%s))", [typed])
        words = re.findall(r"[^\W_]+", cursor.fetchone()[0])
    return words if len(words) <= MOST_WORDS and len("".join(words)) >= SHORTEST else []


def products_like(words: list[str], store: Store, *, code: str, company_id: int | None) -> list[Suggestion]:
    """Products whose words begin so, or that are called `code`; where there are none, those that may be meant."""
    text = " ".join(words)
    ids = _proposed(text, store, code=code, company_id=company_id)
    if not ids and (meant := engine().meant(Criteria(store.pk, store.language, text))):
        ids = _proposed(meant, store, code="", company_id=None)
    sold = Product.objects.visible().for_store(store).filter(pk__in=ids).only("title", "slug")
    by_id = {product.pk: product for product in sold}
    found = [by_id[pk] for pk in ids if pk in by_id]
    return [Suggestion(product.title, product.get_absolute_url(), _("Product")) for product in found]


def categories_like(words: list[str], store: Store) -> list[Suggestion]:
    """Categories in which the store has something, and of which a word begins so."""
    asked: dict[str, Any] = {"beginning": " ".join(words), "store_id": store.pk}
    limits = {"some": SOME_CATEGORIES, "most": MOST_CATEGORIES}
    with connection.cursor() as cursor:
        cursor.execute(CATEGORIES, asked | limits)
        ways = [_way_to(path) for (path,) in cursor.fetchall()]
    nodes = {node.path: node for node in Category.objects.filter(path__in={path for way in ways for path in way})}
    found = [Category.objects.linked(nodes[path] for path in way)[-1] for way in ways]
    return [Suggestion(category.name, category.get_absolute_url(), _("Category")) for category in found]


def _proposed(words: str, store: Store, *, code: str, company_id: int | None) -> list[int]:
    said = said_of(words, store_id=store.pk)
    typed = Typed(
        store_id=store.pk,
        language=store.language,
        words=words,
        code=code,
        company_id=company_id,
        synonyms=said.synonyms,
        led_to=said.product_ids,
        limit=MOST_PRODUCTS,
    )
    return engine().propose(typed)


def _way_to(path: str) -> list[str]:
    """The paths of all categories from the root to this one."""
    return [path[:end] for end in range(Category.steplen, len(path) + 1, Category.steplen)]

"""What may be meant while somebody is still typing: products and categories, a few of each, the likeliest first."""

import re
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from shop.catalogue.models import Category, Product
from shop.merchandising.queries import said_of
from shop.stores.models import Store
from shop.stores.postgresql.prepared import prepared
from shop.versions.marks import pages_of
from shop.versions.remembering import remembered

from .contract import Typed
from .criteria import Criteria
from .engines import engine
from .forms import LONGEST_SEARCH

SHORTEST, MOST_WORDS = 2, 8
MOST_PRODUCTS, MOST_CATEGORIES = 6, 3

NAMES = """
SELECT id, ' ' || lower(unaccent(name)) FROM catalogue_category WHERE is_public AND ancestors_are_public
 ORDER BY length(name), name, id
"""
# Each with the slugs from the root to itself.
CATEGORIES = f"""
SELECT name, id, ARRAY(
       SELECT slug FROM catalogue_category above WHERE path = ANY(ARRAY(
           SELECT left(category.path, level * {Category.steplen}) FROM generate_series(1, category.depth) AS level))
        ORDER BY path)
  FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY AS asked (id, place) JOIN catalogue_category AS category USING (id)
 WHERE search_has(%(store_id)s, id) ORDER BY place LIMIT %(most)s
"""  # noqa: S608 - our own names
SOME_CATEGORIES, MOST_MERCHANTS = 12, 50


@dataclass(frozen=True)
class Suggestion:
    title: str
    url: str
    kind: str
    """What it is, in the reader's language."""


def folded_words(typed: str) -> list[str]:
    """The words of what is typed, in lower case without accents; none where that is too short, or too much."""
    if len(typed) > LONGEST_SEARCH or "\x00" in typed:
        return []
    words = re.findall(r"[^\W_]+", typed.lower() if typed.isascii() else _unaccented(typed))
    return words if len(words) <= MOST_WORDS and len("".join(words)) >= SHORTEST else []


def _unaccented(typed: str) -> str:
    """As the database takes accents away."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT lower(unaccent(%s))", [typed])
        return cursor.fetchone()[0]


def products_like(words: list[str], store: Store, *, code: str, company_id: int | None) -> list[Suggestion]:
    """Products whose words begin so, or that are called `code`; where there are none, those that may be meant."""
    text = " ".join(words)
    ids = _proposed(text, store, code=code, company_id=company_id)
    if not ids and (meant := engine().meant(Criteria(store.pk, store.language, text))):
        ids = _proposed(meant, store, code="", company_id=None)
    by_id = {product.pk: product for product in (_named(ids=ids, store=store.pk) if ids else [])}
    found = [by_id[pk] for pk in ids if pk in by_id]
    return [Suggestion(product.title, product.get_absolute_url(), _("Product")) for product in found]


def categories_like(words: list[str], store: Store) -> list[Suggestion]:
    """Categories in which the store has something, and of which a word begins so."""
    beginning = " " + " ".join(words)
    ids = [pk for pk, name in _names(store.merchant_id) if beginning in name][:SOME_CATEGORIES]
    with connection.cursor() as cursor:
        cursor.execute(CATEGORIES, {"ids": ids, "store_id": store.pk, "most": MOST_CATEGORIES})
        found = cursor.fetchall()
    return [Suggestion(name, Category.address(pk, *slugs), _("Category")) for name, pk, slugs in found]


@remembered(lambda merchant_id: (pages_of(merchant_id),), most=MOST_MERCHANTS)
def _names(merchant_id: int) -> list[tuple[int, str]]:
    """Of all categories that may be shown, as they are compared, the shortest first: to fold thousands for each letter
    that is typed took longer than all else."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES)
        return cursor.fetchall()


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


@prepared
def _named(ids: list[int], store: int) -> QuerySet[Product]:
    return Product.objects.visible().few_listed_in(store, ids).only("title", "slug")

"""What may be meant while somebody is still typing: products, categories and pages of a store."""

from django.db import connection
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.models import Page

from shop.search.engines import answers_hold_until
from shop.search.forms import LONGEST_SEARCH
from shop.search.suggestions import Suggestion, categories_like, folded_words, products_like
from shop.stores.models import Store
from shop.versions.marks import pages_of
from shop.versions.remembering import remembered

MOST_PAGES = 3
MOST_REMEMBERED = 1_000
"""Hardly anybody types what nobody has typed before, as far as the third letter."""

# Of titles without accents a word begins so. What only some may see has a restriction, or stands below one.
PAGES = """
SELECT page.id, page.title, page.url_path FROM wagtailcore_page AS page
 WHERE path LIKE %(root)s || '_%%' AND live AND ' ' || lower(unaccent(title)) LIKE '%% ' || %(beginning)s || '%%'
   AND NOT EXISTS (SELECT FROM wagtailcore_pageviewrestriction restriction
                     JOIN wagtailcore_page restricted ON restricted.id = restriction.page_id
                    WHERE starts_with(page.path, restricted.path))
 ORDER BY title, id LIMIT %(most)s
"""


def suggestions_for(typed: str, store: Store, *, company_id: int | None) -> tuple[Suggestion, ...]:
    """A few of each, the likeliest first, for somebody who buys for this company or for themselves; none for what is
    too long, which would be remembered as long as it is."""
    return _suggestions(typed, get_language() or "", company_id, store) if len(typed) <= LONGEST_SEARCH else ()


@remembered(
    lambda typed, language, company_id, store: (pages_of(store.merchant_id),),
    until=lambda found: answers_hold_until(),
    most=MOST_REMEMBERED,
)
def _suggestions(typed: str, language: str, company_id: int | None, store: Store) -> tuple[Suggestion, ...]:
    words = folded_words(typed)
    if not words:
        return ()
    products = products_like(words, store, code=typed.strip(), company_id=company_id)
    return (*products, *categories_like(words, store), *pages_like(words, store))


def pages_like(words: list[str], store: Store) -> list[Suggestion]:
    """Published pages that anybody may see, of whose title a word begins so."""
    asked = {"root": store.site.root_page.path, "beginning": " ".join(words), "most": MOST_PAGES}
    with connection.cursor() as cursor:
        cursor.execute(PAGES, asked)
        found = [Page(pk=pk, title=title, url_path=path) for pk, title, path in cursor.fetchall()]
    return [Suggestion(page.title, page.relative_url(store.site), _("Page")) for page in found]

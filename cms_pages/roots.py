"""Where a merchant's sites begin, which Wagtail makes addresses of pages from.

It would keep that for an hour in a cache, and empties it where a change is made: who looks before the commit puts back
what was, and what goes past models empties nothing.
"""

from wagtail.models import Site
from wagtail.models.sites import SiteRootPath

from shop.stores.scope import current_merchant_id
from shop.versions.marks import pages_of
from shop.versions.remembering import is_remembering, remembered

wagtails = Site.get_site_root_paths


def root_paths() -> list[SiteRootPath]:
    """As `Site.get_site_root_paths`, and right at the very next look where anything is remembered."""
    merchant_id = current_merchant_id()
    return _root_paths(merchant_id) if merchant_id and is_remembering() else wagtails()


@remembered(lambda merchant_id: (pages_of(merchant_id),))
def _root_paths(merchant_id: int) -> list[SiteRootPath]:
    sites = Site.objects.select_related("root_page__locale")
    return [
        SiteRootPath(site.pk, site.root_page.url_path, site.root_url, site.root_page.locale.language_code)
        for site in sites.order_by("-root_page__url_path", "-is_default_site", "hostname")
    ]

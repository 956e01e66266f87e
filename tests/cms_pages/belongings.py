"""One of everything that the content editor shows, each bearing the same mark, and a way to see that none changed."""

from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.db import connection
from wagtail.contrib.forms.models import FormSubmission
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection

from cms_pages.furnishing import furnish_store
from cms_pages.models import ContactPage, HomePage, StoreDetails, StoreDocument, StoreImage
from shop.catalogue.models import Category
from shop.staff.groups import collection_of
from shop.stores.models import Store
from shop.stores.tenancy import owned_tables
from tests.cms_pages.pictures import png
from tests.goods import a_product

MARK = "Xanadu"
"""Stands in all of it, and nowhere else."""

SOUGHT = "pleasure"
"""Stands there too; what is looked for may be shown again."""


@dataclass(frozen=True)
class Belongings:
    """The ids of what one store has."""

    home: int
    page: int
    revision: int
    submission: int
    image: int
    document: int
    collection: int
    redirect: int
    site: int
    product: int
    category: int


def belongings_of(store: Store, *, category: Category | None = None) -> Belongings:
    """Furnish a store with one of everything, in the scope of its merchant."""
    home = furnish_store(store)
    HomePage.objects.filter(pk=home.pk).update(title=f"{MARK} {SOUGHT} home", draft_title=f"{MARK} {SOUGHT} home")
    page = ContactPage.objects.child_of(home).get()
    page.title = page.draft_title = f"{MARK} {SOUGHT} contact"
    revision = page.save_revision()
    revision.publish()
    submission = FormSubmission.objects.create(page=page, form_data={"your_name": f"{MARK} {SOUGHT} Kubla"})
    collection = collection_of(store)
    Collection.objects.filter(pk=collection.pk).update(name=f"{MARK} {SOUGHT} folder")
    StoreDetails.objects.update_or_create(site=store.site, defaults={"about": f"{MARK} {SOUGHT} about"})
    image = StoreImage.objects.create(
        title=f"{MARK} {SOUGHT} image", file=ContentFile(png((60, 40)), name="image.png"), collection=collection
    )
    document = StoreDocument.objects.create(
        title=f"{MARK} {SOUGHT} document", file=ContentFile(b"text", name="document.txt"), collection=collection
    )
    redirect = Redirect.objects.create(old_path=f"/{MARK.lower()}", site=store.site, redirect_link="/")
    category = category or Category.add_root(name=f"{MARK} {SOUGHT} category")
    return Belongings(
        home=home.pk,
        page=page.pk,
        revision=revision.pk,
        submission=submission.pk,
        image=image.pk,
        document=document.pk,
        collection=collection.pk,
        redirect=redirect.pk,
        site=store.site_id,
        product=a_product(f"{MARK} {SOUGHT} product", store).pk,
        category=category.pk,
    )


def rows_of_content() -> dict[str, str]:
    """A digest of each table of the content, of the merchant in whose scope this runs."""
    prefixes = ("cms_pages_", "wagtailcore_", "wagtailforms_", "wagtailredirects_", "catalogue_")
    digests = {}
    with connection.cursor() as cursor:
        for table in sorted(name for name in owned_tables() if name.startswith(prefixes)):
            cursor.execute(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{table}\" t")
            digests[table] = cursor.fetchone()[0]
    return digests

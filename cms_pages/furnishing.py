"""What a new store stands there with: a home page, a way to be asked, the pages that the law wants, and menus."""

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.models import Page

from shop.stores.models import Store

from .models import ContactField, ContactPage, FaqPage, HomePage, StoreDetails, StoreMenus, TextPage


@transaction.atomic
def furnish_store(store: Store) -> HomePage:
    """Give a store the pages and menus that it lacks, in its language; what is there already is left alone.

    Raises `Store.DoesNotExist` for a store of another merchant than the one in scope.
    """
    Store.objects.get(pk=store.pk)
    with translation.override(store.language):
        home = _home(store)
        pages = {
            "contact": _child(home, _contact_page()),
            "faq": _child(home, FaqPage(title=_("Questions and answers"), slug="faq")),
            "delivery": _child(home, TextPage(title=_("Delivery and returns"), slug="delivery")),
            "terms": _child(home, TextPage(title=_("Terms and conditions"), slug="terms")),
            "privacy": _child(home, TextPage(title=_("Privacy"), slug="privacy")),
            "imprint": _child(home, TextPage(title=_("Imprint"), slug="imprint")),
        }
        StoreMenus.objects.get_or_create(site=store.site, defaults=_menus(pages))
        StoreDetails.objects.get_or_create(site=store.site, defaults={"email": store.sender_address})
    return home


def _home(store: Store) -> HomePage:
    """The store's home page; a plain page that stood in for it goes."""
    standing_in = store.site.root_page
    if isinstance(standing_in.specific, HomePage):
        return standing_in.specific
    home = HomePage(title=store.name, slug=f"{store.slug}-home", locale=standing_in.locale)
    standing_in.get_parent().add_child(instance=home)
    for child in standing_in.get_children():
        child.specific.move(home, pos="last-child")
    store.site.root_page = home
    store.site.save()
    standing_in.refresh_from_db()
    standing_in.delete()
    home.refresh_from_db()
    return home


def _contact_page() -> ContactPage:
    page = ContactPage(title=_("Contact"), slug="contact")
    page.form_fields = [
        ContactField(sort_order=0, label=_("Your name"), field_type="singleline"),
        ContactField(sort_order=1, label=_("Your e-mail address"), field_type="email"),
        ContactField(sort_order=2, label=_("Your message"), field_type="multiline"),
    ]
    return page


def _child(home: HomePage, page: Page) -> Page:
    """The page below the home page that has this one's short name; this one, if there was none."""
    standing = home.get_children().filter(slug=page.slug).first()
    return standing or home.add_child(instance=page)


def _menus(pages: dict[str, Page]) -> dict[str, list[dict[str, object]]]:
    service = {"title": _("Service"), "links": [_link(pages[name]) for name in ("contact", "faq", "delivery")]}
    return {
        "main": [
            {"type": "item", "value": {"address": "/catalogue/", "text": _("All products")}},
            {"type": "item", "value": _link(pages["contact"])},
        ],
        "footer": [{"type": "column", "value": service}],
        "legal": [{"type": "link", "value": _link(pages[name])} for name in ("terms", "privacy", "imprint")],
    }


def _link(page: Page) -> dict[str, object]:
    return {"page": page.pk}

"""Opening and closing merchants and stores."""

from dataclasses import dataclass
from decimal import Decimal

import phonenumbers
from babel import Locale as BabelLocale
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from oscar.core.loading import get_model
from wagtail.models import Collection, Locale, Page, Site

from .errors import HostTaken, SlugTaken
from .models import Merchant, Store, StoreHost, TaxDisplay
from .scope import PLATFORM_MERCHANT_ID, merchant_scope

Country = get_model("address", "Country")


def found_platform() -> None:
    """Make what comes before the first merchant: the reserved one, its host, the languages. Idempotent."""
    with merchant_scope(PLATFORM_MERCHANT_ID):
        Merchant.objects.get_or_create(pk=PLATFORM_MERCHANT_ID, defaults={"name": "Platform", "slug": "platform"})
        StoreHost.objects.get_or_create(host=settings.PLATFORM_HOST)
        for language, _ in settings.LANGUAGES:
            Locale.objects.get_or_create(language_code=language)
        Country.objects.bulk_create(_countries(), ignore_conflicts=True)
        with connection.cursor() as cursor:  # so that the first merchant is not given the reserved number
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('stores_merchant', 'id'), (SELECT max(id) FROM stores_merchant))"
            )


def open_merchant(name: str, *, slug: str) -> Merchant:
    """Open a business on this installation, with the roots of its own trees of pages and of collections."""
    merchant_id = _next_merchant_id()
    with merchant_scope(merchant_id):
        merchant = Merchant.objects.create(pk=merchant_id, name=name, slug=slug)
        Page.add_root(instance=Page(title=name, slug="root", locale=Locale.get_default()))
        Collection.add_root(name=name)
    return merchant


@dataclass(frozen=True)
class NewStore:
    """What must be known of a store to open it; the rest is set in the CMS."""

    name: str
    slug: str
    host: str
    theme: str = "base"
    language: str = "en-gb"
    currency: str = "GBP"
    tax_display: TaxDisplay = TaxDisplay.INCLUSIVE
    tax_rate: Decimal = Decimal(0)
    order_prefix: str = ""
    sender_address: str = ""


@transaction.atomic
def open_store(new: NewStore, *, home: Page | None = None) -> Store:
    """Open a store of the merchant in whose scope this runs. Raises `SlugTaken`, `HostTaken`.

    `home` is the unsaved page that visitors land on; a plain page of the store's name otherwise.
    """
    if Store.objects.filter(slug=new.slug).exists():
        raise SlugTaken(f"Another store of this merchant is called {new.slug!r}.")
    locale, _ = Locale.objects.get_or_create(language_code=new.language)
    page = home or Page(title=new.name, slug=new.slug)
    page.locale = locale
    Page.get_first_root_node().add_child(instance=page)
    try:
        with transaction.atomic():
            site = Site.objects.create(
                hostname=new.host, port=settings.PUBLIC_PORT, root_page=page, site_name=new.name, is_default_site=False
            )
            store = Store.objects.create(
                site=site,
                name=new.name,
                slug=new.slug,
                theme=new.theme,
                language=new.language,
                currency=new.currency,
                tax_display=new.tax_display,
                tax_rate=new.tax_rate,
                order_prefix=new.order_prefix or new.slug[:8],
                sender_address=new.sender_address or f"shop@{new.host}",
            )
            StoreHost.objects.create(host=new.host, store=store)
    except IntegrityError as error:
        raise HostTaken(f"{new.host} is a store's address already.") from error
    return store


def close_store(store: Store) -> None:
    """Shoppers see a closed door; staff still work."""
    Store.objects.filter(pk=store.pk).update(is_open=False)


def reopen_store(store: Store) -> None:
    Store.objects.filter(pk=store.pk).update(is_open=True)


def content_changed() -> None:
    """Make what is cached of the content of the current merchant's stores outdated, with this transaction."""
    Store.objects.update(content_version=F("content_version") + 1)


def _countries() -> list[Country]:
    """The places of the world with telephones, so that one could ship to: ISO 3166-1's codes, the CLDR's names."""
    names = BabelLocale("en").territories
    codes = sorted(set(phonenumbers.SUPPORTED_REGIONS) & names.keys())
    return [
        Country(iso_3166_1_a2=code, printable_name=names[code], name=names[code].upper(), is_shipping_country=True)
        for code in codes
    ]


def _next_merchant_id() -> int:
    """Known before the row is written, since the row may only be written in its own scope."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('stores_merchant', 'id'))")
        return cursor.fetchone()[0]

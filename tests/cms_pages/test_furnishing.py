"""What a new store stands there with."""

import pytest
from django.test import Client
from wagtail.models import Page

from cms_pages.furnishing import furnish_store
from cms_pages.models import HomePage, LandingPage, StoreDetails, StoreMenus, TextPage
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope
from tests.cms_pages.reading import read

pytestmark = pytest.mark.django_db


def test_a_new_store_has_pages_menus_and_an_address(aurora_store: Store, client: Client) -> None:
    home = furnish_store(aurora_store)

    pages = [page.slug for page in home.get_children()]
    assert pages == ["contact", "faq", "delivery", "terms", "privacy", "imprint"]
    assert StoreDetails.objects.get().email == aurora_store.sender_address
    for path in ("/", *(f"/{slug}/" for slug in pages)):
        assert read(client, path).status == 200


def test_the_page_that_stood_in_for_a_home_page_goes(aurora_store: Store) -> None:
    standing_in = aurora_store.site.root_page
    below = standing_in.add_child(instance=TextPage(title="Us", slug="us"))

    home = furnish_store(aurora_store)

    assert not Page.objects.filter(pk=standing_in.pk).exists()
    assert Store.objects.get().site.root_page_id == home.pk
    assert below.pk in home.get_children().values_list("pk", flat=True)


def test_a_home_page_that_was_made_before_stays(in_aurora: Merchant) -> None:
    new = NewStore(name="Clinics", slug="clinics", host="clinics.example")
    store = open_store(new, home=HomePage(title="Welcome", slug="welcome"))

    home = furnish_store(store)

    assert (home.title, home.slug) == ("Welcome", "welcome")


def test_furnishing_twice_changes_nothing(aurora_store: Store) -> None:
    home = furnish_store(aurora_store)
    home.get_children().get(slug="faq").delete()
    StoreMenus.objects.update(main=[])
    home.refresh_from_db()
    home.add_child(instance=LandingPage(title="Autumn", slug="autumn"))

    again = furnish_store(Store.objects.get())

    assert again.pk == home.pk
    assert sorted(page.slug for page in again.get_children()) == sorted(
        ["contact", "delivery", "terms", "privacy", "imprint", "autumn", "faq"]
    )
    assert len(StoreMenus.objects.get().main) == 0


def test_a_german_store_is_furnished_in_german(in_aurora: Merchant, client: Client) -> None:
    store = open_store(NewStore(name="Praxis", slug="praxis", host="praxis.example", language="de"))

    home = furnish_store(store)

    assert home.get_children().get(slug="imprint").title == "Impressum"
    assert {page.locale.language_code for page in home.get_children()} == {"de"}
    assert read(client, "/imprint/", host="praxis.example").attribute("html", "lang") == "de"


# The stranger


def test_a_store_of_another_merchant_is_not_furnished(in_aurora: Merchant, lumen: Merchant) -> None:
    with merchant_scope(lumen.pk):
        theirs = Store.objects.select_related("site__root_page").get()
        before = Page.objects.count()

    with pytest.raises(Store.DoesNotExist):
        furnish_store(theirs)

    with merchant_scope(lumen.pk):
        assert Page.objects.count() == before

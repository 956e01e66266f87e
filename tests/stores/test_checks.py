"""What stops the start: stores that could not be served."""

import pytest
from wagtail.models import Page, Site

from shop.stores.checks import stores_can_be_served
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope

pytestmark = [pytest.mark.django_db, pytest.mark.data]


def problems() -> list[tuple[str | None, str]]:
    return [(error.id, error.msg) for error in stores_can_be_served(databases=["default"])]


def test_stores_as_they_are_opened_can_be_served(aurora: Merchant, lumen: Merchant) -> None:
    assert problems() == []


def test_a_theme_that_is_not_installed_is_an_error(aurora: Merchant, lumen: Merchant) -> None:
    with merchant_scope(lumen.pk):
        Store.objects.update(theme="gone")

    assert problems() == [("stores.E006", "The theme 'gone' of the store lumen is not installed.")]


def test_a_site_without_a_store_is_an_error(aurora: Merchant) -> None:
    with merchant_scope(aurora.pk):
        Site.objects.create(hostname="stray.example", root_page=Page.get_first_root_node())

    assert problems() == [("stores.E007", "The site stray.example of aurora belongs to no store.")]


# The stranger


def test_nothing_is_asked_of_a_database_that_is_not_named(aurora: Merchant) -> None:
    with merchant_scope(aurora.pk):
        Store.objects.update(theme="gone")

    assert stores_can_be_served(databases=None) == []

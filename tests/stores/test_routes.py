"""Addresses of rows are those that Django finds."""

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from shop.catalogue.models import Product
from shop.stores.routes import path_to


@pytest.fixture
def at_a_folder():
    set_script_prefix("/shop/")
    yield
    set_script_prefix("/")


@pytest.mark.parametrize("pk", [0, 1, 7_000_000_000, 2**63 - 1])
@pytest.mark.parametrize("name", ["basket:add", "checkout:user-address-update"])
def test_they_are_those_that_django_finds(name, pk):
    assert path_to(name, pk=pk) == reverse(name, kwargs={"pk": pk})


@pytest.mark.parametrize("slug", ["cup", "cup-and-saucer_2", "", "7000000001", "čaj"])
def test_a_products_address_has_its_slug(slug):
    address = Product(pk=12, slug=slug).get_absolute_url()

    assert address == reverse("catalogue:detail", kwargs={"product_slug": slug, "pk": 12})


def test_below_a_folder_they_begin_with_it(at_a_folder):
    assert path_to("basket:add", pk=3) == "/shop/basket/add/3/"


def test_an_address_that_there_is_not_is_an_error():
    with pytest.raises(NoReverseMatch):
        path_to("basket:nothing", pk=3)

"""The furniture of the content's tests: aurora's store with pages, and its pictures."""

import pytest

from cms_pages.furnishing import furnish_store
from cms_pages.models import HomePage, StoreImage
from shop.stores.models import Store
from tests.cms_pages.pictures import picture


@pytest.fixture
def home(aurora_store: Store) -> HomePage:
    """The home page of aurora's store, with all that a new store has."""
    return furnish_store(aurora_store)


@pytest.fixture
def image(aurora_store: Store) -> StoreImage:
    return picture("A lamp", size=(1200, 800))

"""Writing outside a request, as a store and in its language."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import translation

from shop.stores.current import serving
from shop.stores.models import Store


@contextmanager
def writing_for(store: Store) -> Iterator[None]:
    with serving(store), translation.override(store.language):
        yield

"""The store that is being served, for the few places that nobody hands one: theme loading, Oscar's managers, mails."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.apps import apps

from .scope import current_merchant_id

if TYPE_CHECKING:  # logging asks before there are models
    from .models import Store

_store: ContextVar["Store | None"] = ContextVar("store", default=None)


def current_store() -> "Store | None":
    return _store.get()


def store_at_hand() -> "Store | None":
    """The store that is being served or, where none is, the merchant's only one. None where that is not clear.

    For code of Oscar's kind, which knows no stores: in a task, in a shell, in a package's command.
    """
    return current_store() or _only_store()


def current_store_id() -> int | None:
    """The default of columns that say which store a row is of: the store at hand."""
    store = store_at_hand()
    return store.pk if store else None


def _only_store() -> "Store | None":
    if current_merchant_id() is None:
        return None
    stores = list(apps.get_model("stores", "Store").objects.all()[:2])
    return stores[0] if len(stores) == 1 else None


@contextmanager
def serving(store: "Store | None") -> Iterator[None]:
    """Serve this store meanwhile."""
    token = _store.set(store)
    try:
        yield
    finally:
        _store.reset(token)

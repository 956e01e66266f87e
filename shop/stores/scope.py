"""The scope: which merchant this piece of work belongs to.

The database enforces it (see `tenancy.py`): every row read or written must be of the merchant that the running
transaction names in `stoa.merchant`. Python only says which merchant that is, here and nowhere else.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import connection, transaction

from .errors import NoScope

PLATFORM_MERCHANT_ID = 1
"""The reserved merchant that owns what migrations create, and the operators' accounts."""

SETTING = "stoa.merchant"

P = ParamSpec("P")
R = TypeVar("R")

_merchant_id: ContextVar[int | None] = ContextVar("merchant_id", default=None)
_named_to_transaction: ContextVar[int | None] = ContextVar("named_to_transaction", default=None)


def current_merchant_id() -> int | None:
    """The merchant whose scope is open, or None."""
    return _merchant_id.get()


def required_merchant_id() -> int:
    """The merchant whose scope is open. Raises `NoScope`."""
    merchant_id = _merchant_id.get()
    if merchant_id is None:
        raise NoScope("This needs a merchant: open a merchant_scope first.")
    return merchant_id


@contextmanager
def merchant_scope(merchant_id: int) -> Iterator[None]:
    """A transaction in which only the rows of this merchant exist.

    Opens and commits a transaction; inside another one it is a savepoint, and the outer scope is restored behind it.
    The setting is local to the transaction, since one of the session would leak through a connection pool.
    """
    outer, is_nested = _named_to_transaction.get(), connection.in_atomic_block
    with transaction.atomic():
        set_in_transaction(merchant_id)
        token = _named_to_transaction.set(merchant_id)
        try:
            with remembered_merchant(merchant_id):
                yield
        finally:
            _named_to_transaction.reset(token)
        if is_nested and not connection.needs_rollback:  # rolling back restores the setting by itself, as does the end
            set_in_transaction(outer)


def set_in_transaction(merchant_id: int | None) -> None:
    """Name the merchant to the running transaction. Only scopes call this."""
    connection.set_locally(SETTING, merchant_id)  # type: ignore[attr-defined]


@contextmanager
def remembered_merchant(merchant_id: int | None) -> Iterator[None]:
    """Say which merchant is meant, for code that holds no transaction and opens `own_scope` for each step."""
    token = _merchant_id.set(merchant_id)
    try:
        yield
    finally:
        _merchant_id.reset(token)


@contextmanager
def own_scope() -> Iterator[None]:
    """The current merchant's scope: where its transaction is open as it is, elsewhere a short one. Raises `NoScope`."""
    merchant_id = required_merchant_id()
    if _named_to_transaction.get() == merchant_id:
        yield
    else:
        with merchant_scope(merchant_id):
            yield


def scope_is_open() -> bool:
    """Whether a transaction names a merchant now: while one does, nobody outside is called."""
    return _named_to_transaction.get() is not None


def scoped(function: Callable[P, R]) -> Callable[P, R]:
    """Run a function in `own_scope`."""

    @wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        with own_scope():
            return function(*args, **kwargs)

    return inner


def bound_to_scope(function: Callable[P, R]) -> Callable[P, R]:
    """The function as it will run later (after commit, in another thread): in the scope that is open now, if one is."""
    merchant_id = _merchant_id.get()
    if merchant_id is None:
        return function

    @wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        with merchant_scope(merchant_id):
            return function(*args, **kwargs)

    return inner

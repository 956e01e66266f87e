"""Consumers for tests."""

from collections.abc import Iterator
from contextlib import contextmanager

from shop.outbox.consumers import CONSUMERS, Handler, subscribe


@contextmanager
def told(
    handle: Handler, *, name: str = "listener", kinds: frozenset[str] = frozenset({"store.opened"})
) -> Iterator[None]:
    """There is this consumer meanwhile."""
    subscribe(name, kinds, handle)
    try:
        yield
    finally:
        del CONSUMERS[name]

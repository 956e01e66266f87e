"""Who is told of events. An application subscribes in the `ready()` of its `AppConfig`:

    subscribe("loyalty", {"order.paid"}, give_points)

It is told of what is recorded from then on: at least once, in any order, after the commit. It is called without a
transaction, for the event's merchant, and opens `own_scope()` for what it reads and writes, within `LEASE_S` seconds.
Told twice it must do no harm: by a unique constraint over the event, a state that is looked at first, an idempotency
key. What it raises is tried again after growing pauses; `Rejected` is parked at once.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass

from .errors import AlreadySubscribed, UnknownConsumer
from .models import OutboxEvent

Handler = Callable[[OutboxEvent], None]


@dataclass(frozen=True)
class Consumer:
    name: str
    kinds: Set[str]
    handle: Handler


CONSUMERS: dict[str, Consumer] = {}


def subscribe(name: str, kinds: Set[str], handle: Handler) -> None:
    """Have `handle` told of events of these kinds. The name is kept in rows: it stays. Raises `AlreadySubscribed`."""
    if name in CONSUMERS:
        raise AlreadySubscribed(name)
    CONSUMERS[name] = Consumer(name, kinds, handle)


def consumers_of(kind: str) -> list[Consumer]:
    return [consumer for consumer in CONSUMERS.values() if kind in consumer.kinds]


def consumer_named(name: str) -> Consumer:
    """Raises `UnknownConsumer`."""
    if name not in CONSUMERS:
        raise UnknownConsumer(f"Nobody here is called {name!r}.")
    return CONSUMERS[name]

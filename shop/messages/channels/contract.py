"""What a channel is. To add one (SMS, push, a webhook):

1. a module beside `email.py` with a class that keeps this contract,
2. its instance in `registry.py`,
3. its shipped templates, one for each kind, in `themes/base/templates/messages/<folder>/<kind>.txt`.

Preferences, templates, the record of deliveries, retries and dead letters are there for every channel.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from shop.messages.occasions import Recipient
from shop.messages.parts import Part
from shop.stores.models import Store


@dataclass(frozen=True)
class Letter:
    """What is to be said, before a channel writes it."""

    subject: str
    parts: tuple[Part, ...]
    unsubscribe_link: str = ""


@dataclass(frozen=True)
class Written:
    """What is kept and sent. A channel leaves empty what it does not have."""

    subject: str
    text: str
    html: str = ""


@dataclass(frozen=True)
class Outgoing:
    """A message on its way, as `send` is given it."""

    key: str
    """The same at each try: for idempotency keys and Message-IDs."""
    sender: str
    """The store, as an e-mail header writes it."""
    address: str
    written: Written
    unsubscribe_link: str = ""


class Channel(Protocol):
    code: str
    """Kept in rows."""
    title: Any
    folder: str
    """Of its shipped templates."""

    def address_of(self, recipient: Recipient) -> str:
        """Where this channel reaches somebody; empty where it does not."""

    def write(self, letter: Letter, store: Store) -> Written:
        """In the language and the theme that are active."""

    def send(self, outgoing: Outgoing) -> None:
        """Hand it over; no transaction is open. Raises `Undeliverable` for what no further try can mend, and anything
        else for what one may."""

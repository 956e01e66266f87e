"""What the outbox tells us: something happened that somebody is written of, and a message waits to be sent."""

from shop.outbox.errors import Rejected
from shop.outbox.models import OutboxEvent
from shop.stores.scope import own_scope, scoped

from . import actions, readers
from .channels.registry import channel_coded
from .errors import Undeliverable
from .kinds import BY_EVENT
from .models import Message, MessageStatus


@scoped
def write_of(event: OutboxEvent) -> None:
    """Write to everybody whom it concerns, all in one transaction: told again, it finds them written to."""
    kind = BY_EVENT[event.kind]
    occasions = readers.of_order if kind.is_about_an_order else readers.READERS[kind.code]
    actions.write(kind, occasions(event, kind), event=event)


def send(event: OutboxEvent) -> None:
    """Hand a message over to its channel, unless that was done. Raises `Rejected`, and what its channel raises."""
    with own_scope():
        message = Message.objects.select_related("store__site").filter(pk=event.subject_id).first()
    if message is None or message.status == MessageStatus.SENT:
        return
    try:
        channel_coded(message.channel).send(actions.outgoing(message))
    except Undeliverable as refusal:
        actions.mark_failed(message, str(refusal))
        raise Rejected(str(refusal)) from refusal
    except Exception as error:
        actions.mark_failed(message, str(error) or type(error).__name__)
        raise
    actions.mark_sent(message)

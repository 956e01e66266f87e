"""Writing messages, handing them over, and what staff and readers decide about them."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.audit import actions as audit
from shop.communication.utils import sender
from shop.communication.writing import writing_for
from shop.outbox.actions import record
from shop.outbox.models import OutboxEvent
from shop.stores.current import serving
from shop.stores.models import Store
from shop.stores.scope import own_scope

from .channels.contract import Channel, Outgoing, Written
from .channels.registry import CHANNELS
from .errors import NotOptional
from .kinds import KINDS, MessageKind
from .letters import Source, check, letter_for
from .links import Wish
from .models import Message, MessagePreference, MessageStatus, MessageTemplate
from .occasions import Occasion, Recipient

Email, ProductAlert = get_model("communication", "Email"), get_model("customer", "ProductAlert")

QUEUED = "message.queued"
"""The event of a message that waits to be handed over."""


def write(kind: MessageKind, occasions: Iterable[tuple[Channel, Occasion]], *, event: OutboxEvent) -> list[Message]:
    """Write a message for each occasion, once for the event, and queue it. In the caller's transaction."""
    written = []
    for channel, occasion in occasions:
        address = channel.address_of(occasion.recipient)
        known = {"event": event, "kind": kind.code, "channel": channel.code, "address": address}
        if address and not Message.objects.filter(**known).exists():
            with writing_for(occasion.store):
                letter = letter_for(occasion, kind, channel)
                said = channel.write(letter, occasion.store)
            known |= {"language": occasion.store.language, "unsubscribe_link": letter.unsubscribe_link}
            written.append(_queue(occasion, said, **known))
    return written


def send_trial(store: Store, kind: MessageKind, channel: Channel, said: Written, *, to: User, language: str) -> Message:
    """Queue what a template would come to, for the member of staff who tries it."""
    occasion = Occasion(store, Recipient(to.email))
    address = channel.address_of(occasion.recipient)
    return _queue(occasion, said, language=language, kind=kind.code, channel=channel.code, address=address)


def _queue(occasion: Occasion, said: Written, **fields: Any) -> Message:
    message = Message.objects.create(
        store=occasion.store,
        order=occasion.order,
        user=occasion.recipient.user,
        subject=said.subject[:254],
        text=said.text,
        html=said.html,
        **fields,
    )
    record(QUEUED, message, store=occasion.store)
    return message


def outgoing(message: Message) -> Outgoing:
    """A message as its channel is given it."""
    with serving(message.store):
        return Outgoing(
            key=f"message-{message.pk}",
            sender=sender(),
            address=message.address,
            written=Written(message.subject, message.text, message.html),
            unsubscribe_link=message.unsubscribe_link,
        )


def mark_sent(message: Message) -> None:
    """Also kept among the e-mails of its reader's account."""
    with own_scope(), transaction.atomic():
        Message.objects.filter(pk=message.pk).update(status=MessageStatus.SENT, reason="", sent_at=Now())
        if message.user_id and message.event_id:
            Email.objects.create(
                user_id=message.user_id,
                email=message.address,
                subject=message.subject,
                body_text=message.text,
                body_html=message.html,
            )


def mark_failed(message: Message, reason: str) -> None:
    """A try went wrong; a later one may still go well."""
    with own_scope():
        Message.objects.filter(pk=message.pk).update(status=MessageStatus.FAILED, reason=reason[:1000])


@transaction.atomic
def save_template(
    store: Store, kind: MessageKind, channel: Channel, source: Source, *, language: str, by: User
) -> MessageTemplate:
    """Have the store write this from now on. Raises `TemplateRefused`, and keeps what there was."""
    check(source, kind)
    template, _ = MessageTemplate.objects.update_or_create(
        store=store,
        kind=kind.code,
        channel=channel.code,
        language=language,
        defaults={"subject": source.subject, "body": source.body},
    )
    said = {"kind": kind.code, "channel": channel.code, "language": language}
    audit.record("message_template.changed", by=by, target=template, store=store, **said, subject=source.subject)
    return template


@transaction.atomic
def reset_template(store: Store, kind: MessageKind, channel: Channel, *, language: str, by: User) -> None:
    """Have the store write what is shipped."""
    own = MessageTemplate.objects.filter(store=store, kind=kind.code, channel=channel.code, language=language)
    if own.delete()[0]:
        said = {"kind": kind.code, "channel": channel.code, "language": language}
        audit.record("message_template.reset", by=by, target=store, store=store, **said)


def prefer(recipient: Recipient, kind: MessageKind, channel: str, *, is_wanted: bool) -> None:
    """Remember whether somebody wants messages of a kind by a channel. Raises `NotOptional`."""
    if kind.is_required and not is_wanted:
        raise NotOptional(kind.code)
    whose: dict[str, Any] = {"user": recipient.user, "email": "" if recipient.user else recipient.email}
    MessagePreference.objects.update_or_create(
        **whose, kind=kind.code, channel=channel, defaults={"is_wanted": is_wanted}
    )


@transaction.atomic
def unsubscribe(wish: Wish) -> None:
    """Send no more of it, and take back what was asked for before."""
    kind, user = KINDS.get(wish.kind), User.objects.filter(pk=wish.user_id).first() if wish.user_id else None
    if kind is None or wish.channel not in CHANNELS or (wish.user_id and user is None):
        return  # what can no longer be sent anyway
    recipient = Recipient(wish.email, user)
    prefer(recipient, kind, wish.channel, is_wanted=False)
    if kind.code == "stock_back":
        for alert in alerts_of(recipient).filter(status__in=[ProductAlert.ACTIVE, ProductAlert.UNCONFIRMED]):
            alert.cancel()


def want_again(alert: Any) -> None:
    """Somebody asked to be told of a product: an earlier wish to hear of none is over."""
    recipient = Recipient(alert.get_email_address(), alert.user)
    MessagePreference.objects.of(recipient).filter(kind="stock_back").update(is_wanted=True)


def alerts_of(recipient: Recipient) -> Any:
    """What somebody asked to be told of."""
    if recipient.user:
        return ProductAlert.objects.filter(user=recipient.user)
    return ProductAlert.objects.filter(user=None, email=recipient.email)

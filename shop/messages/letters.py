"""From a template and an occasion to a letter: the store's own template, or the one that its theme ships."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.template.loader import render_to_string

from shop.order.models import Order
from shop.stores.models import Store

from .channels.contract import Channel, Letter
from .errors import TemplateRefused
from .kinds import ORDER, PAYING, SHOP, MessageKind
from .language import fill, read
from .models import MessageTemplate
from .occasions import Occasion, buyer_of
from .parts import MARK, PRIVATE, Value, parts_of, words_of

log = structlog.get_logger("stoa.messages")


@dataclass(frozen=True)
class Source:
    """A template as staff write it."""

    subject: str
    body: str
    is_own: bool = False


def source_of(store: Store, kind: MessageKind, channel: Channel, *, language: str) -> Source:
    """The store's own, or else the shipped one. Call it within `writing_for`."""
    own = MessageTemplate.objects.filter(store=store, kind=kind.code, channel=channel.code, language=language).first()
    return Source(own.subject, own.body, is_own=True) if own else shipped_source(kind, channel)


def shipped_source(kind: MessageKind, channel: Channel) -> Source:
    """In the language and the theme that are active. Its first line is the subject.

    The file is a template of the theme's, which says its texts in the reader's language and lets a variable of ours
    stand for itself; so what staff begin with is what was sent before.
    """
    for_itself = {name: f"{{{{ {name} }}}}" for name in kind.by_name}
    said = render_to_string(f"messages/{channel.folder}/{kind.code}.txt", for_itself).strip()
    subject, _, body = said.partition("\n")
    return Source(subject.strip(), body.strip())


def check(source: Source, kind: MessageKind) -> None:
    """Raises `TemplateRefused`."""
    for text in (source.subject, source.body):
        read(text, known=kind.by_name.keys())


def composed(
    source: Source, kind: MessageKind, value_of: Callable[[str], Value], *, unsubscribe_link: str = ""
) -> Letter:
    """Fill a template with values, of which only those that it uses are asked for. Raises `TemplateRefused`."""
    values: dict[str, Value] = {}

    def value(name: str) -> Value:
        if name not in values:
            values[name] = value_of(name)
        return values[name]

    def put(name: str) -> str:
        value(name)
        return MARK.format(name)

    known = kind.by_name.keys()
    subject, body = (
        fill(read(PRIVATE.sub("", text), known=known), lambda name: bool(value(name)), put)
        for text in (source.subject, source.body)
    )
    return Letter(words_of(subject, values), parts_of(body.replace("\r\n", "\n"), values), unsubscribe_link)


def letter_for(occasion: Occasion, kind: MessageKind, channel: Channel) -> Letter:
    """What is written on this occasion. A template that no longer holds is passed over for the shipped one."""

    def value_of(name: str) -> Value:
        return kind.by_name[name].value(occasion)

    source = source_of(occasion.store, kind, channel, language=occasion.store.language)
    try:
        return composed(source, kind, value_of, unsubscribe_link=occasion.unsubscribe_link)
    except TemplateRefused as refusal:
        log.error("message template refused", store=occasion.store.pk, kind=kind.code, reason=str(refusal))
        shipped = shipped_source(kind, channel)
        return composed(shipped, kind, value_of, unsubscribe_link=occasion.unsubscribe_link)


def preview_letter(store: Store, source: Source, kind: MessageKind, *, order: Order | None = None) -> Letter:
    """A template filled with what a real order holds, as far as it does, and else with made-up values. Raises
    `TemplateRefused`."""
    occasion = Occasion(store, buyer_of(order), order) if order else None

    def value_of(name: str) -> Value:
        variable = kind.by_name[name]
        is_known = occasion is not None and variable in (*SHOP, *ORDER, *PAYING)
        return variable.value(occasion) if occasion and is_known else variable.sample(store)

    link = "" if kind.is_required else f"{store.origin}/"
    return composed(source, kind, value_of, unsubscribe_link=link)

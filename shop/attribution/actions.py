"""Noting where an order comes from."""

from dataclasses import astuple, dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from shop.accounts.models import User

from .models import Affiliate, Channel, OrderAttribution, Source
from .touches import Touch
from .visits import UNKNOWN, Visit, current_visit

if TYPE_CHECKING:
    from shop.order.models import Order


@dataclass(frozen=True)
class Origin:
    """By which door an order came, beside how its buyer found the store."""

    channel: Channel = Channel.STORE
    client: str = ""
    """The API client, as staff know it."""
    punchout_session: str = ""


BY_THE_STORE = Origin()


def attribution_of(order: "Order", origin: Origin, *, sales_person: User | None) -> OrderAttribution:
    """What is to be kept with a new order of where it comes from: the current visit, the door, and who looks after the
    company. Not written, but for the row of whoever came this way first."""
    visit = current_visit() if origin.channel == Channel.STORE else UNKNOWN
    return OrderAttribution(
        order=order,
        channel=origin.channel,
        client=origin.client[:200],
        punchout_session=origin.punchout_session[:200],
        sales_person=sales_person,
        **_found_by(visit),
    )


def _found_by(visit: Visit) -> dict[str, object]:
    if visit.first_at is None:
        return {}
    last = source_of(visit.last)
    first = last if visit.first == visit.last else source_of(visit.first)
    return {
        "first": first,
        "first_at": visit.first_at,
        "last": last,
        "last_at": visit.last_at,
        "landing": visit.last.landing,
    }


def current_source() -> Source | None:
    """What brought the visitor of this request; None where nothing says so."""
    visit = current_visit()
    return source_of(visit.last) if visit.first_at else None


def source_of(touch: Touch) -> Source:
    """The row of all who came this way, made where they are the first. A code that is nobody's names nobody."""
    code = touch.affiliate
    affiliate = Affiliate.objects.credited().filter(code=code).first() if code else None
    words = (*astuple(touch)[:5], touch.referrer)
    values = dict(zip(("source", "medium", "campaign", "term", "content", "referrer"), words, strict=True))
    digest = sha256(repr((words, affiliate and affiliate.pk)).encode()).hexdigest()
    source, _is_new = Source.objects.get_or_create(digest=digest, defaults={**values, "affiliate": affiliate})
    return source

"""What staff read of events, and of who is told of them."""

from django.apps import apps
from django.utils.translation import gettext_lazy as _

TOLD = {
    "order.placed": _("the order was placed"),
    "order.authorised": _("the money for the order is set aside"),
    "order.paid": _("the order is paid"),
    "order.held": _("the order is held for review"),
    "order.released": _("the order is released"),
    "order.cancelled": _("the order was cancelled"),
    "order.part_cancelled": _("a part of the order was cancelled"),
    "order.shipped": _("a parcel was sent"),
    "order.delivered": _("a parcel has arrived"),
    "payment.captured": _("money has come in"),
    "payment.refunded": _("money was paid back"),
    "payment.reminded": _("waits for its payment"),
    "payment.failed": _("a payment has failed"),
    "payment.capture_failed": _("what was set aside could not be charged"),
    "payment.disputed": _("a payment is disputed"),
    "message.queued": _("a message was written"),
    "photo.wanted": _("a photo was put on a page"),
    "picture.kept": _("a picture was kept"),
    "picture.left": _("a picture is needed no more"),
    "reorder.due": _("goods are due again"),
    "stock.back": _("goods are in stock again"),
    "stock.low": _("goods run low"),
}
CONSUMERS = {
    "cms_pages.draw": _("drawing of pictures for pages"),
    "credit.settle": _("credit that goes back"),
    "gateways.settle": _("gateways"),
    "messages": _("letters about what happened"),
    "messages.send": _("sending of messages"),
    "pictures.delete": _("removal of pictures"),
    "pictures.draw": _("drawing of pictures"),
    "recommendations": _("recommendations"),
    "review.close": _("the queue of reviews"),
}


def told_of(kind: str) -> str:
    """What an event tells; its own name where a package made it up."""
    return str(TOLD.get(kind, kind))


def kind_of(subject_type: str) -> str:
    """What sort of thing it is about, as people call it."""
    try:
        return str(apps.get_model(subject_type)._meta.verbose_name)
    except (LookupError, ValueError):
        return subject_type


def called(consumer: str) -> str:
    return str(CONSUMERS.get(consumer, consumer))

"""Who is written to when something happens, by which channels, and as which store."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Max
from django.db.models.functions import Coalesce
from django.utils import timezone
from oscar.core.loading import get_class, get_model

from shop.accounts.models import User
from shop.catalogue.models import Product
from shop.communication.writing import writing_for
from shop.companies.models import Membership
from shop.order.models import Order
from shop.outbox.models import OutboxEvent
from shop.recommendations.models import Habit
from shop.stores.current import serving
from shop.stores.models import Store

from . import locks
from .channels.contract import Channel
from .channels.registry import CHANNELS
from .kinds import MessageKind
from .links import unsubscribe_link
from .models import MessagePreference
from .occasions import Occasion, Recipient, buyer_of

ProductAlert = get_model("customer", "ProductAlert")
AlertsDispatcher = get_class("customer.alerts.utils", "AlertsDispatcher")
Selector = get_class("partner.strategy", "Selector")

Occasions = Iterator[tuple[Channel, Occasion]]


def channels_for(recipient: Recipient, kind: MessageKind) -> list[Channel]:
    """Those by which somebody has it: all that reach them, but for what they would rather not have."""
    unwanted: set[str] = set()
    if not kind.is_required:
        refused = MessagePreference.objects.of(recipient).filter(kind=kind.code, is_wanted=False)
        unwanted = set(refused.values_list("channel", flat=True))
    return [channel for code, channel in CHANNELS.items() if code not in unwanted and channel.address_of(recipient)]


def of_order(event: OutboxEvent, kind: MessageKind) -> Occasions:
    """Whoever placed it."""
    order = Order.objects.with_all_shown().select_related("store__site").filter(pk=event.subject_id).first()
    if order is None:
        return
    recipient = buyer_of(order)
    for channel in channels_for(recipient, kind):
        link = unsubscribe_link(recipient, kind, channel.code, order.store)
        yield channel, Occasion(order.store, recipient, order, payload=event.payload, unsubscribe_link=link)


def waiting_for(event: OutboxEvent, kind: MessageKind) -> Occasions:
    """Those who asked to be told when a product is back, and can buy it now; told once, they wait no more.

    An alert does not say in which store it was asked for: of several that sell the product the oldest writes. What no
    open store sells goes on being waited for.
    """
    product = Product.objects.filter(pk=event.subject_id).first()
    store = product and _seller_of(product)
    if not store:
        return
    wanted = [product.pk, *([product.parent_id] if product.parent_id else [])]
    waiting = locks.product_alerts().filter(product__in=wanted, status=ProductAlert.ACTIVE)
    alerts = list(waiting.select_related("user"))
    payload = {"few_left": _is_short(product, len(alerts))}
    for alert in alerts:
        if _can_buy(product, store, alert.user):
            yield from _of_alert(alert, Occasion(store, _asker(alert), product=product, payload=payload), kind)


def due_for(event: OutboxEvent, kind: MessageKind) -> Occasions:
    """Who buys something regularly, while they may still buy for whom they did and have not ordered it meanwhile."""
    store = Store.objects.select_related("site").filter(pk=event.store_id, is_open=True).first()
    user = User.objects.filter(pk=event.subject_id, is_active=True).first()
    if store is None or user is None or not _buys_for(user, event.payload["company"]):
        return
    due = Habit.objects.filter(pk__in=event.payload["habits"], user=user).due(timezone.localdate())
    habits = tuple(due.buyable_in(store).select_related("product__parent"))
    recipient = Recipient(user.email, user, user.get_full_name())
    for channel in channels_for(recipient, kind) if habits else ():
        link = unsubscribe_link(recipient, kind, channel.code, store)
        yield channel, Occasion(store, recipient, habits=habits, payload=event.payload, unsubscribe_link=link)


def _buys_for(user: User, company_id: int | None) -> bool:
    return company_id is None or Membership.objects.usable_by(user).filter(company=company_id).exists()


READERS = {"stock_back": waiting_for, "reorder_due": due_for}
"""Of the kinds that are about no order."""


def _of_alert(alert: Any, occasion: Occasion, kind: MessageKind) -> Occasions:
    channels = channels_for(occasion.recipient, kind)
    for channel in channels:
        link = unsubscribe_link(occasion.recipient, kind, channel.code, occasion.store)
        yield channel, Occasion(**(vars(occasion) | {"unsubscribe_link": link}))
    if alert.user:
        with writing_for(occasion.store):
            said = {"alert": alert, "hurry": occasion.payload["few_left"]}
            AlertsDispatcher().notify_user_about_product_alert(alert.user, said)
    alert.close()


def _asker(alert: Any) -> Recipient:
    return Recipient(alert.get_email_address(), alert.user, alert.user.get_full_name() if alert.user else "")


def _seller_of(product: Product) -> Store | None:
    listed = Product.objects.filter(pk=product.pk).values(listed=Coalesce("parent_id", "pk"))
    open_ones = Store.objects.filter(is_open=True, listings__product__in=listed).select_related("site")
    return open_ones.order_by("pk").first()


def _can_buy(product: Product, store: Store, user: Any) -> bool:
    with serving(store):
        return Selector().strategy(user=user).fetch_for_product(product).availability.is_available_to_buy


def _is_short(product: Product, waiting: int) -> bool:
    most = product.stockrecords.aggregate(most=Max("num_in_stock"))["most"]
    return most is not None and waiting > most

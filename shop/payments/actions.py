"""Offering payment methods, and noting how an order will be paid and what was paid."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone, translation
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.audit import actions as audit
from shop.order import locks
from shop.order.actions import move_order
from shop.order.models import Order
from shop.outbox.actions import record
from shop.pricing.pricing import rounded
from shop.stores.models import Store
from shop.stores.postgresql.prepared import prepared

from .contract import Payer, PaymentMethod
from .cover import may_be_paid
from .errors import KeyReused, NotWaiting, OverRefund, PaidMeanwhile, SealBroken, WrongDetails, WrongMoney
from .fields import secret_names
from .gateways.contract import PaymentStatus
from .gateways.registry import GATEWAYS
from .judges import ask
from .kinds import TransactionKind
from .ledger import UNPAID, after_money, balance_of
from .locks import methods_of, sealed_methods
from .models import InvoicedOrder, InvoiceTerms, PaymentTransaction, StorePaymentMethod
from .registry import method_coded
from .sealing import seal, unseal

Source, SourceType = get_model("payment", "Source"), get_model("payment", "SourceType")


def offer_method(
    store: Store, code: str, *, details: Mapping[str, Any], position: int | None = None, by: User | None = None
) -> StorePaymentMethod:
    """Let a store's buyers pay so. Raises `UnknownMethod`, and `WrongDetails` with what the method's form says."""
    form = method_coded(code).details_form(dict(details))
    if not form.is_valid():
        raise WrongDetails(form.errors.as_text())
    return keep_method(store, code, details=form.cleaned_data, position=position, by=by)


@transaction.atomic
def keep_method(
    store: Store, code: str, *, details: Mapping[str, Any], position: int | None = None, by: User | None
) -> StorePaymentMethod:
    """Offer a method with details that its form has found right; a secret that is empty stays as it was kept."""
    rows = {row.code: row for row in methods_of(store)}
    places = [row.position + 1 for row in rows.values()]
    row = rows.get(code) or StorePaymentMethod(store=store, code=code, position=max(places, default=0))
    names, before = secret_names(method_coded(code).details_form), dict(row.details)
    given = {name: value for name in names if (value := details.get(name))}
    row.details = {name: value for name, value in details.items() if name not in names}
    row.is_offered, row.position = True, row.position if position is None else position
    if given:
        row.sealed = seal({**_kept(row), **given})
    row.save()
    _source_type(method_coded(code))  # so that the first orders don't wait for each other to make it
    changes = {"before": before, "details": row.details, "secrets_set": sorted(given)}
    audit.record("payment_method.offered", by=by, target=row, store=store, **changes)
    return row


@transaction.atomic
def withdraw_method(store: Store, code: str, *, by: User | None = None) -> None:
    """Nobody new may pay so; who has ordered still sees how."""
    for row in methods_of(store).filter(code=code, is_offered=True):
        row.is_offered = False
        row.save(update_fields=["is_offered"])
        audit.record("payment_method.withdrawn", by=by, target=row, store=store)


@transaction.atomic
def move_method_up(store: Store, code: str, *, by: User | None = None) -> None:
    """Show a method before the one that stands above it; the first stays the first."""
    rows = sorted(methods_of(store).filter(is_offered=True), key=lambda row: (row.position, row.pk))
    place = next((place for place, row in enumerate(rows) if row.code == code), 0)
    if place == 0:
        return
    rows[place - 1], rows[place] = rows[place], rows[place - 1]
    for position, row in enumerate(rows):
        row.position = position
    StorePaymentMethod.objects.bulk_update(rows, ["position"])
    audit.record("payment_method.moved", by=by, target=rows[place - 1], store=store, position=place - 1)


@transaction.atomic
def reseal_methods() -> int:
    """Seal anew, with the newest key, what the merchant in scope keeps; returns how many rows. Raises `SealBroken`."""
    rows = list(sealed_methods())
    for row in rows:
        row.sealed = seal(unseal(row.sealed))
    return StorePaymentMethod.objects.bulk_update(rows, ["sealed"]) if rows else 0


def _kept(row: StorePaymentMethod) -> dict[str, str]:
    """The secrets so far; none where they can't be read any more, so that new ones can take their place."""
    try:
        return unseal(row.sealed)
    except SealBroken:
        return {}


def grant_invoice(buyer: User, *, net_days: int = 30) -> InvoiceTerms:
    """Let a buyer pay on invoice."""
    terms, _ = InvoiceTerms.objects.update_or_create(buyer=buyer, defaults={"net_days": net_days})
    return terms


def revoke_invoice(buyer: User) -> None:
    InvoiceTerms.objects.filter(buyer=buyer).delete()


def expected_payment(order: Order, method: PaymentMethod, *, amount: Decimal) -> Iterator[Model]:
    """What is to be written with a new order of which this amount is to be paid by this method, its number being the
    reference."""
    due_on = method.due_on(Payer(order.user, order.company), timezone.localdate(order.date_placed))
    if due_on:
        yield InvoicedOrder(order=order, company=order.company, due_on=due_on)
    yield Source(
        order=order,
        source_type=_source_type(method),
        currency=order.currency,
        amount_allocated=amount,
        reference=order.number,
    )


def _source_type(method: PaymentMethod | type[PaymentMethod]) -> Any:
    if known := _source_types(code=method.code):
        return known[0]
    with translation.override(settings.LANGUAGE_CODE):
        defaults = {"name": str(method.name)}
    return SourceType.objects.get_or_create(code=method.code, defaults=defaults)[0]


@prepared
def _source_types(code: str) -> QuerySet[Any]:
    return SourceType.objects.filter(code=code)


@transaction.atomic
def pay_otherwise(order: Order, method: PaymentMethod, *, by: User | None) -> None:
    """Have what is open of an order paid by another method than its buyer chose at first. Raises `NotWaiting` where it
    waits for no payment, or one is under way."""
    locked = locks.orders().select_related("store").get(pk=order.pk)
    under_way = locked.gateway_payments.filter(status__in=[PaymentStatus.PROCESSING, PaymentStatus.AUTHORISED])
    under_way = under_way.exclude(pk__in=locked.gateway_payments.refused_to_charge().values("pk"))
    if not may_be_paid(locked) or under_way.exists():
        raise NotWaiting(locked.number)
    source = locked.sources.select_related("source_type").get()
    audit.record(
        "order.pays_otherwise",
        by=by,
        target=locked,
        store=locked.store,
        before=source.source_type.code,
        after=method.code,
    )
    source.source_type = _source_type(method)
    source.save(update_fields=["source_type"])


EVENTS = {
    TransactionKind.CAPTURE: "payment.captured",
    TransactionKind.REFUND: "payment.refunded",
    TransactionKind.DISPUTE: "payment.disputed",
}
"""What others are told of a transaction of this kind."""


@transaction.atomic
def note_transaction(
    order: Order,
    kind: TransactionKind,
    amount: Decimal,
    *,
    method: str,
    key: str,
    currency: str | None = None,
    reference: str = "",
    by: User | None = None,
    details: Mapping[str, Any] | None = None,
) -> PaymentTransaction:
    """Append what happened to the money of an order, once for each `key`; a second time gives what was noted first.

    The order is locked, and one that waits for its payment becomes paid when nothing is open any more, or authorised
    when what is open is set aside; then it is judged, and may be held. Raises `WrongMoney`, `OverRefund` and
    `KeyReused`, and notes nothing then.
    """
    locked = locks.orders().get(pk=order.pk)
    if amount <= 0 or currency not in (None, locked.currency) or amount != rounded(amount, locked.currency):
        raise WrongMoney(f"{amount} {currency or locked.currency} is no payment for an order in {locked.currency}.")
    fact = {"order_id": locked.pk, "kind": kind, "amount": amount, "method": method}
    if noted := PaymentTransaction.objects.filter(key=key).first():
        if any(getattr(noted, name) != value for name, value in fact.items()):
            raise KeyReused(f"{key} was noted as {noted}.")
        return noted
    if kind == TransactionKind.REFUND and amount > balance_of(locked).paid:
        raise OverRefund(f"{amount} is more than was paid.")
    noted = PaymentTransaction.objects.create(
        **fact, key=key, currency=locked.currency, reference=reference, by=by, details=dict(details or {})
    )
    if kind in EVENTS:
        record(EVENTS[kind], locked, transaction=noted.pk, amount=str(amount), currency=locked.currency, method=method)
    if locked.status in UNPAID:
        move_order(locked, after_money(locked.status, balance_of(locked)), by=by)
        if locked.status not in UNPAID and method not in GATEWAYS:  # with a gateway's payment comes what else it says
            ask(settings.PAYMENT_JUDGES, locked)
    order.status = locked.status
    return noted


@transaction.atomic
def note_by_hand(
    order: Order, amount: Decimal, *, method: str, key: str, reference: str, by: User, before: Decimal | None
) -> PaymentTransaction:
    """A payment that somebody saw come in; `before` is what was captured when they looked, None where nobody knows.

    So two who see the same payment note it once. Raises `PaidMeanwhile`, and as `note_transaction`.
    """
    locked = locks.orders().get(pk=order.pk)
    is_done = PaymentTransaction.objects.filter(key=key).exists()
    if not is_done and before not in (None, balance_of(locked).captured):
        raise PaidMeanwhile(locked.number)
    return note_transaction(locked, TransactionKind.CAPTURE, amount, method=method, key=key, reference=reference, by=by)

"""Offering payment methods, and noting how an order will be paid and what was paid."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.order import locks
from shop.order.actions import move_order
from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.outbox.actions import record
from shop.stores.models import Store

from .contract import PaymentMethod
from .errors import KeyReused, OverRefund, WrongDetails, WrongMoney
from .kinds import TransactionKind
from .ledger import balance_of
from .models import InvoiceTerms, PaymentTransaction, StorePaymentMethod
from .registry import method_coded

Source, SourceType = get_model("payment", "Source"), get_model("payment", "SourceType")


def offer_method(store: Store, code: str, *, details: Mapping[str, Any], position: int = 0) -> StorePaymentMethod:
    """Let a store's buyers pay so. Raises `UnknownMethod`, and `WrongDetails` with what the method's form says."""
    form = method_coded(code).details_form(dict(details))
    if not form.is_valid():
        raise WrongDetails(form.errors.as_text())
    values = {"details": form.cleaned_data, "position": position, "is_offered": True}
    row, _ = StorePaymentMethod.objects.update_or_create(store=store, code=code, defaults=values)
    return row


def withdraw_method(store: Store, code: str) -> None:
    """Nobody new may pay so; who has ordered still sees how."""
    StorePaymentMethod.objects.filter(store=store, code=code).update(is_offered=False)


def grant_invoice(buyer: User, *, net_days: int = 30) -> InvoiceTerms:
    """Let a buyer pay on invoice."""
    terms, _ = InvoiceTerms.objects.update_or_create(buyer=buyer, defaults={"net_days": net_days})
    return terms


def revoke_invoice(buyer: User) -> None:
    InvoiceTerms.objects.filter(buyer=buyer).delete()


def expect_payment(order: Order, method: PaymentMethod) -> None:
    """Note that an order is to be paid by this method, its number being the reference."""
    with translation.override(settings.LANGUAGE_CODE):
        defaults = {"name": str(method.name)}
    source_type, _ = SourceType.objects.get_or_create(code=method.code, defaults=defaults)
    Source.objects.create(
        order=order,
        source_type=source_type,
        currency=order.currency,
        amount_allocated=order.total_incl_tax,
        reference=order.number,
    )


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

    The order is locked, and becomes paid when it was waiting for that and nothing is open any more. Raises
    `WrongMoney`, `OverRefund` and `KeyReused`, and notes nothing then.
    """
    locked = locks.orders().get(pk=order.pk)
    if amount <= 0 or currency not in (None, locked.currency):
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
    if locked.status == OrderStatus.AWAITING_PAYMENT and balance_of(locked).is_settled:
        move_order(locked, OrderStatus.PAID, by=by)
    order.status = locked.status
    return noted

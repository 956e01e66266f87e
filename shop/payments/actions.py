"""Offering payment methods, and noting how an order will be paid."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils import translation
from oscar.core.loading import get_model

from shop.accounts.models import User
from shop.order.models import Order
from shop.stores.models import Store

from .contract import PaymentMethod
from .errors import WrongDetails
from .models import InvoiceTerms, StorePaymentMethod
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

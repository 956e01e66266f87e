"""What staff say about the money of an order."""

import secrets
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from shop.order.models import Order
from shop.payments.ledger import Balance
from shop.payments.refunds import may_refund, refundable, shares
from shop.payments.registry import METHODS


class MoneyForm(forms.Form):
    """An amount by a method. `token` makes two clicks one."""

    method = forms.ChoiceField(label=_("By"))
    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2, min_value=Decimal("0.01"))
    token = forms.RegexField(r"^[0-9a-f]{16}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, methods: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["method"].choices = [(code, METHODS[code].name) for code in methods]  # type: ignore[attr-defined]


class PaymentForm(MoneyForm):
    """`before` is what had come in when the page was made."""

    before = forms.DecimalField(widget=forms.HiddenInput, required=False, max_digits=14, decimal_places=2)
    reference = forms.CharField(label=pgettext_lazy("of a payment", "Reference"), required=False, max_length=100)


class RefundForm(MoneyForm):
    """`before` is what had gone back when the page was made."""

    before = forms.DecimalField(widget=forms.HiddenInput, max_digits=14, decimal_places=2)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=300)


def payment_form(data: Any = None, *, balance: Balance | None = None) -> PaymentForm:
    """For what people moved: a payment that came by a way that tells nobody."""
    methods = [code for code, method in METHODS.items() if method.moves_by_hand]
    initial = {"amount": balance.open or None, "before": balance.captured} if balance else {}
    return PaymentForm(data, methods=methods, initial={**initial, "token": secrets.token_hex(8)}, auto_id="payment_%s")


def refund_form(order: Order, data: Any = None, *, balance: Balance | None = None) -> RefundForm | None:
    """For what may go back, beginning with what was paid too much; None where there is nothing."""
    brought = {method: amount for method, amount in refundable(order).items() if may_refund(method)}
    if not brought:
        return None
    excess = balance.excess if balance else Decimal(0)
    first = next(iter(shares(brought, min(excess, sum(brought.values(), Decimal(0)))).items()), None)
    initial: dict[str, Any] = {"method": first[0], "amount": first[1]} if first else {}
    initial |= {"token": secrets.token_hex(8), "before": balance.refunded if balance else Decimal(0)}
    return RefundForm(data, methods=list(brought), initial=initial, auto_id="refund_%s")

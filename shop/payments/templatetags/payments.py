"""What templates ask about the money of companies and orders."""

from decimal import Decimal

from django import template

from shop.companies.models import Company
from shop.order.models import Order
from shop.payments.dashboard.forms import PaymentForm, RefundForm, payment_form, refund_form
from shop.payments.ledger import Balance
from shop.payments.limits import owed_by
from shop.payments.models import PaymentTransaction
from shop.payments.registry import METHODS

register = template.Library()


@register.simple_tag
def owed_on_invoice(company: Company) -> Decimal:
    """What a company owes on invoice, in the currency of its credit limit."""
    return owed_by(company, company.credit_currency)


@register.simple_tag
def ledger_of(order: Order) -> list[PaymentTransaction]:
    """All that happened to the money of an order, the first first."""
    return list(order.transactions.select_related("by"))


@register.filter
def method_name(code: str) -> str:
    """How people call a method; its code where there is no such method any more."""
    return str(METHODS[code].name) if code in METHODS else code


@register.simple_tag
def form_for_payment(balance: Balance) -> PaymentForm:
    return payment_form(balance=balance)


@register.simple_tag
def form_for_refund(order: Order, balance: Balance) -> RefundForm | None:
    return refund_form(order, balance=balance)

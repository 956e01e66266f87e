"""How much a company may owe on invoice."""

from decimal import Decimal

from django.db.models import F, Sum
from django.utils.translation import gettext as _

from shop.companies.models import Company
from shop.order.models import Order
from shop.order.querysets import OrderQuerySet
from shop.order.statuses import OrderStatus
from shop.pricing.formats import money

from .ledger import ZERO, paid_of_orders


def owed_by(company: Company, currency: str) -> Decimal:
    """What is open of a company's orders on invoice in a currency. One query."""
    return open_on_invoice(company).filter(currency=currency).aggregate(sum=Sum("open"))["sum"] or ZERO


def open_on_invoice(company: Company) -> OrderQuerySet:
    """Its orders on invoice of which something is to be paid: `open`, an amount. Earliest due first."""
    open_ = F("total_incl_tax") - F("cancelled_incl_tax") - paid_of_orders()
    orders = Order.objects.filter(invoiced__company=company).exclude(status=OrderStatus.CANCELLED)
    return orders.annotate(open=open_).filter(open__gt=0).order_by("invoiced__due_on", "pk")


def refusal_of(company: Company, amount: Decimal, currency: str) -> str:
    """Why a company may not owe this much more, as its buyer is told; "" where it may."""
    if company.credit_limit is None:
        return ""
    if currency != company.credit_currency:
        text = _("%(company)s pays on invoice in %(currency)s only. Please choose another way to pay.")
        return text % {"company": company.name, "currency": company.credit_currency}
    left = max(company.credit_limit - owed_by(company, currency), ZERO)
    if amount <= left:
        return ""
    text = _(
        "%(company)s may owe us %(left)s more on invoice; this order comes to %(amount)s. "
        "Please choose another way to pay."
    )
    return text % {"company": company.name, "left": money(left, currency), "amount": money(amount, currency)}

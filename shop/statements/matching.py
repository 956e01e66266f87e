"""For which order an entry is: values in, values out, but for the two queries that load what entries may be for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from shop.order.models import Order
from shop.order.statuses import OrderStatus
from shop.payments.ledger import Balance, balances_of
from shop.payments.methods.bank_transfer import BankTransfer
from shop.payments.references import number_of, numbers_in
from shop.payments.refunds import brought_to
from shop.stores.models import Store

from .models import BankEntry


class Fit(models.TextChoices):
    EXACT = "exact", _("Exact")
    PARTIAL = "partial", _("Less than is open")
    OVERPAID = "overpaid", _("More than is open")
    AMBIGUOUS = "ambiguous", _("Names several orders")
    CANCELLED = "cancelled", _("For a cancelled order")
    CURRENCY = "currency", _("In another currency")
    RETURNED = "returned", _("Went back")
    UNKNOWN = "unknown", _("Names no order")


@dataclass(frozen=True)
class Candidate:
    """An order that an entry names, and its money so far."""

    order: Order
    balance: Balance
    transferred: Decimal = Decimal(0)
    """Of what was paid, what transfers brought."""

    @property
    def open(self) -> Decimal:
        """What is still to be paid; nothing for an order that was cancelled."""
        return Decimal(0) if self.order.status == OrderStatus.CANCELLED else self.balance.open


@dataclass(frozen=True)
class Finding:
    """What an entry seems to be."""

    fit: Fit
    candidates: tuple[Candidate, ...] = ()

    @property
    def is_exact(self) -> bool:
        return self.fit == Fit.EXACT


def finding_of(entry: BankEntry, candidates: Sequence[Candidate]) -> Finding:
    """Exact: it names one order and is, in its currency and to the penny, what is open, or goes back what was paid."""
    named = tuple(candidates)
    if len(named) != 1:
        return Finding(Fit.AMBIGUOUS if named else Fit.UNKNOWN, named)
    (candidate,) = named
    if candidate.order.currency != entry.currency:
        return Finding(Fit.CURRENCY, named)
    if entry.is_return or not entry.is_credit:
        goes_back = not entry.is_credit and candidate.transferred == entry.rest
        return Finding(Fit.EXACT if goes_back else Fit.RETURNED, named)
    if candidate.order.status == OrderStatus.CANCELLED:
        return Finding(Fit.CANCELLED, named)
    if entry.rest == candidate.open:
        return Finding(Fit.EXACT, named)
    return Finding(Fit.PARTIAL if entry.rest < candidate.open else Fit.OVERPAID, named)


def findings(entries: Iterable[BankEntry]) -> dict[int, Finding]:
    """Of entries, loaded with their matches, by their ids. Four queries."""
    entries = list(entries)
    prefixes = frozenset(Store.objects.values_list("order_prefix", flat=True))
    named = {entry.pk: _numbers(entry, prefixes) for entry in entries}
    orders = list(Order.objects.filter(number__in=set().union(*named.values())).order_by("pk"))
    balances, transferred = balances_of(orders), brought_to(orders, BankTransfer.code)
    by_entry: defaultdict[int, list[Candidate]] = defaultdict(list)
    for entry in entries:
        for order in orders:
            if order.number in named[entry.pk]:
                by_entry[entry.pk].append(Candidate(order, balances[order.pk], transferred.get(order.pk, Decimal(0))))
    return {entry.pk: finding_of(entry, by_entry[entry.pk]) for entry in entries}


def _numbers(entry: BankEntry, prefixes: frozenset[str]) -> set[str]:
    """A creditor reference that is right says it alone."""
    upper = frozenset(prefix.upper() for prefix in prefixes)
    return number_of(entry.creditor_reference, upper) or numbers_in(f"{entry.text} {entry.creditor_reference}", upper)

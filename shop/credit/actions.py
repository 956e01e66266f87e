"""Everything that changes a balance, which is never negative. Each change has a key, so that it is made once."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from babel.numbers import list_currencies
from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.accounts.models import User
from shop.audit.actions import record
from shop.companies.models import Company
from shop.order import locks as order_locks
from shop.order.models import Order
from shop.outbox.models import OutboxEvent
from shop.payments.actions import note_transaction
from shop.payments.errors import OverRefund
from shop.payments.kinds import TransactionKind
from shop.payments.refunds import give_back_excess
from shop.pricing.pricing import rounded
from shop.stores.scope import own_scope

from . import locks
from .codes import digest_of, hint_of, new_code, normalised
from .errors import CreditRefused
from .models import AccountKind, CreditAccount, CreditEntry, EntryKind
from .spending import Use

LARGEST = Decimal(100_000)
SPENT_WITHIN = timedelta(days=90)
"""So long a card that money goes back to can be spent, however late it is: it was right when it was spent."""
_ISSUED = gettext_lazy("This card was issued already; its code cannot be shown again.")


@transaction.atomic
def issue_gift_card(
    amount: Decimal,
    *,
    currency: str,
    expires_on: date | None = None,
    note: str = "",
    key: str = "",
    by: User | None,
) -> tuple[CreditAccount, str]:
    """A new card and its code, which is shown this once; one for each key, if there is one. Raises `CreditRefused`."""
    _check(amount, currency)
    try:
        with transaction.atomic():
            card, code = _new_card(amount, currency, expires_on, note, key=key, by=by)
    except IntegrityError:
        if not _is_issued(key):
            raise
        raise CreditRefused(_ISSUED) from None  # the other of two clicks at once was faster
    record("gift_card.issued", by=by, target=card, amount=str(amount), currency=currency)
    return card, code


def _new_card(
    amount: Decimal, currency: str, expires_on: date | None, note: str, *, key: str, by: User | None
) -> tuple[CreditAccount, str]:
    """Raises `CreditRefused`, and `IntegrityError` where another with this key is written at the same moment."""
    if _is_issued(key):
        raise CreditRefused(_ISSUED)
    code = new_code()
    bare = normalised(code) or ""
    card = CreditAccount.objects.create(
        kind=AccountKind.GIFT_CARD,
        currency=currency,
        digest=digest_of(bare),
        hint=hint_of(bare),
        expires_on=expires_on,
        note=note,
    )
    key = f"issue:{key or card.pk}"  # not by `_enter`, which would leave this card empty where the other is written
    CreditEntry.objects.create(account=card, kind=EntryKind.ISSUE, amount=amount, key=key, by=by)
    return card, code


def _is_issued(key: str) -> bool:
    return bool(key) and CreditEntry.objects.filter(key=f"issue:{key}").exists()


@transaction.atomic
def block_account(account: CreditAccount, *, by: User | None) -> None:
    """Nobody spends it any more, until it is unblocked."""
    _switch(account, is_blocked=True, by=by)


@transaction.atomic
def unblock_account(account: CreditAccount, *, by: User | None) -> None:
    _switch(account, is_blocked=False, by=by)


@transaction.atomic
def give_credit(
    owner: User | Company, amount: Decimal, *, currency: str, reason: str, key: str, by: User | None
) -> CreditAccount:
    """Add to the store credit of a person or a company; once for each key. Raises `CreditRefused`."""
    _check(amount, currency)
    whose = {"company": owner} if isinstance(owner, Company) else {"buyer": owner}
    account, _is_new = CreditAccount.objects.get_or_create(
        **whose, currency=currency, defaults={"kind": AccountKind.STORE_CREDIT}
    )
    if _enter(account, EntryKind.ISSUE, amount, key=f"give:{account.pk}:{key}", reason=reason, by=by):
        record("store_credit.given", by=by, target=account, amount=str(amount), currency=currency, reason=reason)
    return account


@transaction.atomic
def correct_balance(account: CreditAccount, amount: Decimal, *, reason: str, key: str, by: User | None) -> None:
    """Add to a balance, or take from it, for a reason; once for each key. Raises `CreditRefused`."""
    _check(abs(amount), account.currency)
    if _enter(account, EntryKind.CORRECT, amount, key=f"correct:{account.pk}:{key}", reason=reason, by=by):
        record("credit.corrected", by=by, target=account, amount=str(amount), reason=reason)


@transaction.atomic
def spend(order: Order, uses: Iterable[Use]) -> None:
    """Pay (a part of) an order with credit: taken from the balance, captured in the order's ledger.

    Raises `CreditRefused` where a balance does not reach: callers have looked under the lock, so that means a mistake.
    """
    for use in uses:
        account, key = use.account, f"capture:{order.number}:credit-{use.account.pk}"
        _enter(account, EntryKind.SPEND, -use.amount, key=key, order=order)
        details = {"account": account.pk, "hint": account.hint}
        note_transaction(order, TransactionKind.CAPTURE, use.amount, method=account.kind, key=key, details=details)


@transaction.atomic
def give_back(order: Order, method: str, amount: Decimal, *, key: str, by: User | None) -> None:
    """Return what an order was paid with from this kind of credit, to the accounts that it came from, the last first.

    Each account is given back at most what the order took from it; once for each key. Raises `OverRefund`.
    """
    order_locks.orders().get(pk=order.pk)
    if CreditEntry.objects.filter(order=order, key__startswith=f"refund:{order.number}:{key}:").exists():
        return
    taken = CreditEntry.objects.filter(order=order, account__kind=method).order_by().values_list("account")
    spent = {pk: -total for pk, total in taken.annotate(sum=Sum("amount")) if total < 0}
    if amount > sum(spent.values()):
        raise OverRefund(f"{amount} is more than {method} brought.")
    accounts = {account.pk: account for account in locks.accounts(spent)}
    for pk in sorted(spent, reverse=True):
        if part := min(spent[pk], amount):
            _return(order, accounts[pk], part, key=f"refund:{order.number}:{key}:credit-{pk}", by=by)
            amount -= part


def settle_of(event: OutboxEvent) -> None:
    """For the outbox: an order was cancelled, whole or in part, and may have been paid by credit."""
    with own_scope():
        give_back_excess(int(event.subject_id), key=f"event-{event.pk}")


def balance_of(account: CreditAccount) -> Decimal:
    """The sum of an account's entries."""
    return account.entries.aggregate(sum=Sum("amount"))["sum"] or Decimal("0.00")


def _enter(
    account: CreditAccount,
    kind: EntryKind,
    amount: Decimal,
    *,
    key: str,
    order: Order | None = None,
    reason: str = "",
    by: User | None = None,
) -> bool:
    """Change a balance, under the lock of its account; False where that was done already. Raises `CreditRefused`."""
    locked = locks.accounts([account.pk]).get()
    if CreditEntry.objects.filter(key=key).exists():
        return False
    if balance_of(locked) + amount < 0:
        raise CreditRefused(_("There is not so much on it."))
    CreditEntry.objects.create(account=locked, kind=kind, amount=amount, key=key, order=order, reason=reason, by=by)
    return True


def _return(order: Order, account: CreditAccount, amount: Decimal, *, key: str, by: User | None) -> None:
    """To the balance, and in the order's ledger; a card that has lapsed, or soon will, is good for a while again."""
    until = timezone.localdate() + SPENT_WITHIN
    if account.expires_on and account.expires_on < until:
        record("credit.extended", by=by, target=account, before=account.expires_on.isoformat(), until=until.isoformat())
        account.expires_on = until
        account.save(update_fields=["expires_on"])
    _enter(account, EntryKind.REFUND, amount, key=key, order=order, by=by)
    kind, details = TransactionKind.REFUND, {"account": account.pk, "hint": account.hint}
    note_transaction(order, kind, amount, method=account.kind, key=key, by=by, details=details)


def _check(amount: Decimal, currency: str) -> None:
    """Raises `CreditRefused`."""
    if not (amount.is_finite() and 0 < amount <= LARGEST and amount == round(amount, 2)):
        raise CreditRefused(_("An amount from 0.01 to %(most)s, please.") % {"most": LARGEST})
    if currency not in list_currencies():
        raise CreditRefused(_("There is no currency “%(code)s”.") % {"code": currency[:10]})
    if amount != rounded(amount, currency):  # what it left of an order could be paid by nobody
        raise CreditRefused(_("Nobody can pay %(amount)s %(code)s.") % {"amount": amount, "code": currency})


def _switch(account: CreditAccount, *, is_blocked: bool, by: User | None) -> None:
    locked = locks.accounts([account.pk]).get()
    if locked.is_blocked != is_blocked:
        locked.is_blocked = is_blocked
        locked.save(update_fields=["is_blocked"])
        record("credit.blocked" if is_blocked else "credit.unblocked", by=by, target=locked)

"""How much of which credit pays an order."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.payments.contract import Payer

from . import locks
from .codes import digest_of, normalised
from .models import AccountKind, CreditAccount
from .querysets import CreditAccountQuerySet

MOST_CARDS = 10
"""That one order takes."""


@dataclass(frozen=True)
class Wish:
    """What a buyer wants to pay with before anything else."""

    gift_cards: tuple[int, ...] = ()
    """Keys of the accounts whose codes the buyer knew."""
    store_credit: bool = False

    def limited_to(self, kinds: Collection[str]) -> "Wish":
        """What a store takes of it."""
        cards = self.gift_cards if AccountKind.GIFT_CARD in kinds else ()
        return Wish(cards, self.store_credit and AccountKind.STORE_CREDIT in kinds)

    def __bool__(self) -> bool:
        return bool(self.gift_cards) or self.store_credit


NO_CREDIT = Wish()


@dataclass(frozen=True)
class Use:
    """So much of an account."""

    account: CreditAccount
    amount: Decimal


def accounts_for(wish: Wish, payer: Payer, currency: str) -> list[CreditAccount]:
    """The accounts that a wish means and that may be spent today, with their balance: gift cards first. One query."""
    if not wish:
        return []
    today, accounts = timezone.localdate(), _meant(wish, payer).filter(currency=currency).with_balance()
    return sorted((account for account in accounts if account.is_valid_on(today)), key=_turn)


def hold(wish: Wish, payer: Payer) -> None:
    """Lock the accounts that a wish means, in the transaction that places the order."""
    if wish:
        list(locks.accounts(_meant(wish, payer).values_list("pk", flat=True)))


def _meant(wish: Wish, payer: Payer) -> CreditAccountQuerySet:
    meant = Q(kind=AccountKind.GIFT_CARD, pk__in=wish.gift_cards)
    if wish.store_credit:
        meant |= Q(pk__in=CreditAccount.objects.of_payer(payer.buyer, payer.company).values("pk"))
    return CreditAccount.objects.filter(meant)


def _turn(account: CreditAccount) -> tuple[bool, date, int]:
    """Gift cards come first, and of them what expires first."""
    return account.kind != AccountKind.GIFT_CARD, account.expires_on or date.max, account.pk


def uses_of(accounts: Iterable[CreditAccount], amount: Decimal) -> list[Use]:
    """What each (with its `balance`) pays of an amount, in turn; those that pay nothing are left out. Pure."""
    uses, left = [], amount
    for account in accounts:
        part = min(account.balance, left)
        if part > 0:
            uses.append(Use(account, part))
            left -= part
    return uses


def card_coded(text: str) -> CreditAccount | None:
    """The gift card of this code, with its balance; None where there is none, or it can't be spent (any more)."""
    code = normalised(text)
    found = CreditAccount.objects.gift_cards().filter(digest=digest_of(code)).with_balance().first() if code else None
    return found if found and found.is_valid_on(timezone.localdate()) else None


def unfit(card: CreditAccount, currency: str, wish: Wish) -> str:
    """Why a card (with its balance) does not pay this order, as its holder is told; "" where it does."""
    if card.currency != currency:
        return _("This gift card is in %(currency)s.") % {"currency": card.currency}
    if not card.balance:
        return _("There is nothing left on this gift card.")
    if card.pk in wish.gift_cards:
        return _("This gift card is used already.")
    if len(wish.gift_cards) >= MOST_CARDS:
        return _("No more gift cards can be used for one order.")
    return ""

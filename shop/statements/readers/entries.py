"""What a bank says of one movement, whatever the file."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256

MOST_ROWS = 50_000
"""Of one file: they are kept in one go."""


@dataclass(frozen=True)
class Booking:
    """One movement on one account. `amount` is positive; `is_credit` says that it came in."""

    booked_on: date
    amount: Decimal
    currency: str
    is_credit: bool
    is_return: bool = False
    """Money that goes back: a transfer that the bank returned, or a direct debit that its payer objected to."""
    text: str = ""
    """What the payer wrote, lines joined."""
    creditor_reference: str = ""
    """Structured, ISO 11649."""
    payer: str = ""
    payer_iban: str = ""
    bank_reference: str = ""
    """The bank's own for this movement, unique where the bank gives one."""

    @property
    def signature(self) -> str:
        """All that tells this movement from another."""
        direction = "C" if self.is_credit else "D"
        said = [self.booked_on.isoformat(), f"{self.amount:.4f}", self.currency, direction, self.bank_reference]
        if not self.bank_reference:
            said += [self.text, self.creditor_reference, self.payer, self.payer_iban]
        return "\x1f".join(said)


@dataclass(frozen=True)
class Account:
    """Whose movements a file holds; `iban` is "" where it does not say."""

    iban: str
    bookings: tuple[Booking, ...]


def keyed(account: str, bookings: Iterable[Booking]) -> Iterable[tuple[str, Booking]]:
    """Each movement with a key that it has in every file of this account.

    A statement that is sent twice, and two that overlap, give the same keys. Movements that nothing tells apart (two
    payments of one sum by one payer with one text on one day) are counted, and so are two in both files.
    """
    seen: Counter[str] = Counter()
    for booking in bookings:
        signature = f"{account}\x1f{booking.signature}"
        seen[signature] += 1
        yield sha256(f"{signature}\x1f{seen[signature]}".encode()).hexdigest(), booking

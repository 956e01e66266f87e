"""Slowing down whoever tries too much, in the database, where every worker counts alike.

An attempt is counted before it is looked at, in a transaction of its own, so that a thousand at once are a thousand
counted. After the free ones each doubles the wait, up to a longest one, and what is old is forgotten: nobody is locked
out for good.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from shop.stores.scope import own_scope

from .errors import TooManyAttempts
from .models import Attempts


@dataclass(frozen=True)
class Limit:
    """How often something may be tried. The wait doubles with every attempt after the `free` ones."""

    kind: str
    free: int
    first_wait: timedelta
    longest_wait: timedelta
    forgotten_after: timedelta = timedelta(days=1)

    def wait_after(self, count: int) -> timedelta:
        doublings = count - self.free
        if doublings < 0:
            return timedelta()
        return min(self.first_wait * 2 ** min(doublings, 20), self.longest_wait)


ACCOUNT = Limit("account", 5, timedelta(seconds=5), timedelta(minutes=5))
"""Of one account by browsers that never signed in to it: 288 guesses a day at most, from however many addresses."""
BROWSER = Limit("browser", 10, timedelta(seconds=5), timedelta(minutes=15))
"""Of one account by a browser that did sign in to it: whoever attacks the account can't make its owner wait."""
ADDRESS = Limit("address", 30, timedelta(seconds=5), timedelta(minutes=15))
"""Of any account from one address; offices share one."""
CODE = Limit("code", 5, timedelta(seconds=10), timedelta(minutes=15))
"""Of one account's second factor: after the right password only."""
LETTER = Limit("letter", 3, timedelta(minutes=1), timedelta(hours=1))
"""Letters to one address that a stranger can cause."""
LETTERS_OF_ADDRESS = Limit("letters", 10, timedelta(seconds=30), timedelta(hours=1))
"""Letters to anybody that one address causes."""
VOUCHER = Limit("voucher", 20, timedelta(seconds=5), timedelta(minutes=15))
"""Codes of vouchers that one address tries and that give it nothing."""
GIFT_CARD = Limit("gift card", 10, timedelta(seconds=5), timedelta(minutes=15))
"""Codes of gift cards that one address tries and that are none."""

COUNT = """
    INSERT INTO accounts_attempts AS a (kind, subject, count, last_at, free_at)
    VALUES (%(kind)s, %(subject)s, 1, %(now)s, %(forgotten)s)
    ON CONFLICT (merchant_id, kind, subject) DO UPDATE
       SET count = CASE WHEN a.last_at < %(forgotten)s THEN 1 ELSE a.count + 1 END, last_at = %(now)s
     WHERE a.free_at <= %(now)s
    RETURNING count
"""


def count_attempt(limit: Limit, subject: str, *, now: datetime | None = None) -> None:
    """Count one more attempt. Raises `TooManyAttempts` where it comes too early; that one is not counted."""
    now = now or timezone.now()
    row = {"kind": limit.kind, "subject": _digest(limit, subject)}
    with own_scope():
        with connection.cursor() as cursor:
            cursor.execute(COUNT, {**row, "now": now, "forgotten": now - limit.forgotten_after})
            counted = cursor.fetchone()
        if counted is None:
            raise TooManyAttempts(Attempts.objects.get(**row).free_at - now)
        if wait := limit.wait_after(counted[0]):  # a free one holds up nobody who came a moment before it
            Attempts.objects.filter(**row).update(free_at=now + wait)


def forget_attempts(limit: Limit, subject: str) -> None:
    """It was the right one: what came before was its owner's own mistake, or is answered."""
    with own_scope():
        Attempts.objects.filter(kind=limit.kind, subject=_digest(limit, subject)).delete()


def give_back_attempt(limit: Limit, subject: str) -> None:
    """It was no guess. What was counted before stays: else signing in to one's own account would hide guesses."""
    with own_scope():
        Attempts.objects.filter(kind=limit.kind, subject=_digest(limit, subject), count__gt=0).update(
            count=F("count") - 1
        )


def forget_old_attempts(*, before: datetime) -> int:
    """Sweep up what no limit remembers any longer; returns how many."""
    return Attempts.objects.filter(last_at__lt=before, free_at__lt=before).delete()[0]


def network_of(address: str | None) -> str:
    """What counts as one address: of IPv6 the /64 that one customer of a provider has."""
    if address is None:
        return "unknown"
    parsed = ip_address(address)
    return str(ip_network((parsed, 64), strict=False)) if parsed.version == 6 else str(parsed)


def _digest(limit: Limit, subject: str) -> str:
    return salted_hmac(f"accounts.throttle.{limit.kind}", subject, algorithm="sha256").hexdigest()

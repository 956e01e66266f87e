"""Making and revoking keys, and placing orders that may be asked for twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.checkout.actions import place_order
from shop.checkout.errors import EmptyBasket
from shop.checkout.proposals import Purchase
from shop.companies.models import Company
from shop.order.models import Order

from .errors import KeyRefused, PlacementDiffers
from .keys import Secret, new_secret, parsed
from .locks import free_keys
from .models import Access, ApiKey, Placement

USE_IS_NOTED_EVERY = timedelta(minutes=1)
NOBODYS_DIGEST = sha256(b"").hexdigest()


@transaction.atomic
def create_key(
    user: User,
    *,
    name: str,
    by: User,
    company: Company | None = None,
    access: str = Access.READ,
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Make a key that acts as this customer, who buys for themselves or for a company; returns it and its text, which
    nobody can be shown again.

    Raises `KeyRefused` for accounts of staff, since a key must not come to power with the roles of its account; to
    operators, whose key would outlast their visit; and for a company that the account does not buy for.
    """
    if by.stands_for_operator:
        raise KeyRefused(_("An operator on a visit can't make keys."))
    if user.is_superuser or user.stands_for_operator or user.staff_memberships.exists():
        raise KeyRefused(_("A key acts as a customer; members of staff sign in."))
    if not user.is_active:
        raise KeyRefused(_("That account is switched off."))
    secret = new_secret()
    key = ApiKey(
        user=user,
        company=company,
        name=name,
        access=access,
        expires_at=expires_at,
        prefix=secret.prefix,
        digest=secret.digest,
    )
    if company and key.membership is None:
        raise KeyRefused(_("%(email)s does not buy for %(company)s.") % {"email": user.email, "company": company})
    key.save()
    until = expires_at and expires_at.isoformat(timespec="seconds")
    said = {"acts_as": user.email, "access": str(access), "expires": until}
    record("api.key_created", by=by, target=key, **said | ({"company": company.code} if company else {}))
    return key, secret.text


@transaction.atomic
def revoke_key(key: ApiKey, *, by: User) -> None:
    """End a key at once, and for good."""
    if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record("api.key_revoked", by=by, target=key)


def key_presented(text: str) -> ApiKey | None:
    """The usable key that somebody sent, noted as used. Takes as long where there is no such key."""
    secret = parsed(text)
    key = secret and ApiKey.objects.usable().select_related("user").filter(prefix=secret.prefix).first()
    is_right = (secret or Secret("", text)).matches(key.digest if key else NOBODYS_DIGEST)
    if not key or not is_right:
        return None
    _note_use(key)
    return key


def _note_use(key: ApiKey) -> None:
    """At most once a minute, and by one of the requests that come at the same moment: none waits for another."""
    now = timezone.now()
    is_due = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_IS_NOTED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - USE_IS_NOTED_EVERY:
        free = free_keys().filter(is_due, pk=key.pk)
        ApiKey.objects.filter(pk__in=free.values("pk")).update(last_used_at=now)


@dataclass(frozen=True)
class Wish:
    """That an order be placed once, however often it is asked for: `key` is the asker's own word for it."""

    subject: str
    """Who asks."""
    key: str
    request_digest: str
    """Of all that was asked."""


@transaction.atomic
def place_order_once(basket: Any, purchase: Purchase, wish: Wish, *, by_key: ApiKey | None) -> tuple[Order, bool]:
    """The order of this wish, and whether it is new. Raises what `place_order` does, and `PlacementDiffers`.

    Two who ask at once: the second waits at the unique constraint until the first is done.
    """
    placement, _is_new = Placement.objects.select_related("order").get_or_create(
        subject=wish.subject, key=wish.key, defaults={"request_digest": wish.request_digest}
    )
    if placement.request_digest != wish.request_digest:
        raise PlacementDiffers
    if placement.order is not None:
        return placement.order, False
    if basket.pk is None:
        raise EmptyBasket
    order = place_order(basket, purchase)
    Placement.objects.filter(pk=placement.pk).update(order=order)
    if by_key:
        record("api.order_placed", by=by_key.user, target=order, store=purchase.store, key=by_key.prefix)
    return order, True

"""Seeing a store as somebody else: asked for, begun by a link, ended. Each of it stands in the trail."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.companies.models import Company
from shop.staff.reach import reach_of
from shop.stores.models import Store

from .errors import ViewingRefused
from .locks import viewings
from .models import Viewing

VIEW_AS, SEE_DRAFTS = "viewing.view_as", "wagtailcore.change_page"
TO_BE_BEGUN_WITHIN = timedelta(minutes=2)
LONGEST = timedelta(hours=1)
FARTHEST = timedelta(days=3660)
"""From the present, into the past or the future."""


@transaction.atomic
def ask_viewing(
    store: Store,
    *,
    by: User,
    company: Company | None = None,
    moment: datetime | None = None,
    shows_drafts: bool = False,
) -> str:
    """Returns the token that begins the viewing in that store, once, within two minutes. Raises `ViewingRefused`.

    `company` None is a visitor who has not signed in, `moment` None the present. Another viewing of theirs ends.
    """
    token, now = secrets.token_urlsafe(32), timezone.now()
    viewing = Viewing(
        by=by,
        store=store,
        company=company,
        moment=moment,
        shows_drafts=shows_drafts,
        key_digest=_digest(token),
        ends_at=now + LONGEST,
    )
    if moment and abs(moment - now) > FARTHEST:
        raise ViewingRefused(_("Choose a date within ten years of today."))
    if refusal := refusal_of(viewing):
        raise ViewingRefused(refusal)
    end_viewings_of(by)
    viewing.save()
    return token


def refusal_of(viewing: Viewing) -> str | None:
    """Why the viewing must not be, or not go on; None where it may. Rights may go while it lasts."""
    by, store_id = viewing.by, viewing.store_id
    if not by.is_active or not reach_of(by, VIEW_AS).covers(store_id):
        return _("You may not see this store as somebody else.")
    if viewing.shows_drafts and not reach_of(by, SEE_DRAFTS).covers(store_id):
        return _("You may not see the drafts of this store's pages.")
    if viewing.company and not viewing.company.is_active:
        return _("%(company)s is suspended: nobody buys for it.") % {"company": viewing.company}
    return None


@transaction.atomic
def begin_viewing(token: str, *, store: Store) -> tuple[Viewing, str]:
    """Begin the viewing of this token; returns it with the key that the browser keeps. Raises `ViewingRefused`."""
    key, now = secrets.token_urlsafe(32), timezone.now()
    asked = viewings().filter(store=store, begun_at=None, asked_at__gte=now - TO_BE_BEGUN_WITHIN)
    viewing = asked.filter(key_digest=_digest(token)).first()
    if viewing is None or refusal_of(viewing):
        raise ViewingRefused(_("This link was used already, or is too old."))
    viewing.begun_at, viewing.key_digest = now, _digest(key)
    viewing.save(update_fields=["begun_at", "key_digest"])
    details = {"moment": viewing.moment.isoformat() if viewing.moment else None, "drafts": viewing.shows_drafts}
    _record("viewing.begun", viewing, until=viewing.ends_at.isoformat(timespec="seconds"), **details)
    return viewing, key


def viewing_begun(key: str, *, store: Store) -> Viewing | None:
    """The viewing of a browser's key, which may be over."""
    begun = Viewing.objects.with_all_asked().filter(store=store, begun_at__isnull=False)
    return begun.filter(key_digest=_digest(key)).first()


@transaction.atomic
def end_viewing(viewing: Viewing) -> None:
    """End it on the spot, or note that it ended. Once is enough."""
    was_open = Viewing.objects.open().filter(pk=viewing.pk).update(ended_at=timezone.now())
    if was_open and viewing.begun_at:
        _record("viewing.ended", viewing)


def end_viewings_of(user: User) -> None:
    for viewing in Viewing.objects.open().with_all_asked().filter(by=user):
        end_viewing(viewing)


def _record(action: str, viewing: Viewing, **details: object) -> None:
    record(action, by=viewing.by, target=viewing.company or viewing.store, store=viewing.store, **details)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()

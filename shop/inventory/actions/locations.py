"""Where a merchant keeps goods, and how a store takes them."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.stores.fields import CurrentMerchant

from .. import locks
from ..errors import StockRefused
from ..models import Location, StockPolicy


def first_location() -> Location:
    """Where goods come to that nobody has said a location of; made when it is needed, as the database does."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT inventory_first_location({CurrentMerchant.template})")
        return Location.objects.get(pk=cursor.fetchone()[0])


@transaction.atomic
def save_location(location: Location, *, by: User | None) -> Location:
    """Add or change one. Raises `StockRefused` where it is given up with goods in it, or is the last."""
    is_new = location.pk is None
    list(locks.locations())
    if not location.is_active:
        _check_given_up(location)
    location.save()
    record("stock.location_added" if is_new else "stock.location_changed", by=by, target=location, code=location.code)
    return location


def _check_given_up(location: Location) -> None:
    if location.levels.exclude(on_hand=0, allocated=0).exists():
        raise StockRefused(_("There are goods at this location: bring them to another first."))
    if not Location.objects.active().exclude(pk=location.pk).exists():
        raise StockRefused(_("A merchant needs one location at least."))


@transaction.atomic
def set_policy(policy: StockPolicy, *, by: User | None) -> StockPolicy:
    """Say how a store takes stock."""
    policy.save()
    store = policy.store
    record("stock.policy_set", by=by, target=store, store=store, rule=policy.rule, hold_minutes=policy.hold_minutes)
    return policy

"""The stores whose rows the dashboard shows: those within reach, or the one of them that was chosen."""

from shop.staff.reach import Reach, reach_of
from shop.staff.requests import StaffRequest
from shop.stores.models import Store

SESSION_KEY = "dashboard.store"


def shown_reach(request: StaffRequest, permission: str) -> Reach:
    """The reach of this permission, narrowed to the chosen store."""
    reach, chosen = reach_of(request.user, permission), request.session.get(SESSION_KEY)
    if chosen is None or not reach.covers(chosen):
        return reach
    return Reach(store_ids=frozenset({chosen}))


def choosable_stores(request: StaffRequest) -> list[Store]:
    """The stores that somebody who uses the dashboard may choose from."""
    return list(reach_of(request.user, "staff.use_dashboard").stores())

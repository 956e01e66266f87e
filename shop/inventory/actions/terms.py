"""How goods are sold that are not there."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record
from shop.partner.models import SoldAhead, StockRecord

from ..errors import StockRefused
from ..ledger import held, tell_back


@transaction.atomic
def sell_ahead(
    stockrecord: StockRecord,
    how: SoldAhead,
    *,
    by: User | None,
    promised_on: date | None = None,
    most: int | None = None,
) -> StockRecord:
    """Sell more than there is, up to so many pieces (None: any number) and for a day, if one is named; or no more.

    What was sold stays promised as it was. Raises `StockRefused` for terms of goods that are not sold ahead.
    """
    if how == SoldAhead.NO and (promised_on or most is not None):
        raise StockRefused(_("Only what is sold ahead has a day and a limit."))
    locked = held([stockrecord.pk])[stockrecord.pk]
    before = locked.net_stock_level + locked.allowance()
    locked.sold_ahead, locked.promised_on, locked.most_ahead = how, promised_on, most
    locked.save(update_fields=["sold_ahead", "promised_on", "most_ahead", "date_updated"])
    day = promised_on.isoformat() if promised_on else None
    record("stock.sold_ahead", by=by, target=locked, how=how.value, promised_on=day, most=most)
    if before <= 0 < locked.net_stock_level + locked.allowance():
        tell_back(locked)
    return locked

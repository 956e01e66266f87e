from django.db import models
from django.utils.translation import gettext_lazy as _
from oscar.apps.partner.abstract_models import AbstractStockRecord


class StockRecord(AbstractStockRecord):
    """What a partner supplies, at what price: without tax, with up to four decimals (docs/adr/0005)."""

    price = models.DecimalField(_("Price"), decimal_places=4, max_digits=14, blank=True, null=True)


from oscar.apps.partner.models import *  # noqa: E402, F403 - Oscar's own, but for those above

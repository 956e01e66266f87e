"""The application as it is, but without what keeps stock from being oversold: nothing is kept for who pays, and pieces
are taken as Oscar takes them, without looking whether there are as many."""

from collections.abc import Mapping

from django.db.models import F
from django.db.models.functions import Coalesce

from config.wsgi import application
from shop.checkout import views
from shop.order import utils
from shop.order.models import Line
from shop.partner.models import StockRecord

__all__ = ["application"]


def take(pieces: Mapping[Line, int], *, basket_id: int) -> None:
    for line, n in pieces.items():
        StockRecord.objects.filter(pk=line.stockrecord_id).update(num_allocated=Coalesce(F("num_allocated"), 0) + n)


def keep_nothing(basket: object) -> None:
    pass


utils.allocate = take
views.reserve = views.keep_reserved = keep_nothing

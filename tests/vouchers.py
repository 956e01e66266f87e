"""Vouchers for tests, made in the scope that is open."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from oscar.core.loading import get_model

from shop.offer.models import Benefit, Condition, ConditionalOffer, Range

Voucher = get_model("voucher", "Voucher")


def a_voucher(code: str, *, percent: int, of: Range | None = None, **fields: Any) -> Any:
    """Takes so many per cent off all products, or those of a range; it is valid now."""
    every = of or Range.objects.get_or_create(name="All", includes_all_products=True)[0]
    condition = Condition.objects.create(range=every, type=Condition.COUNT, value=1)
    benefit = Benefit.objects.create(range=every, type=Benefit.PERCENTAGE, value=percent)
    now = timezone.now()
    period = {"start_datetime": now - timedelta(days=9), "end_datetime": now + timedelta(days=9)} | fields
    voucher = Voucher.objects.create(name=code, code=code, usage=Voucher.MULTI_USE, **period)
    offer = ConditionalOffer.objects.create(
        name=f"{code} offer", offer_type=ConditionalOffer.VOUCHER, condition=condition, benefit=benefit
    )
    voucher.offers.add(offer)
    return voucher

"""Offers of a store, for tests."""

from shop.offer.models import Benefit, Condition, ConditionalOffer, Range


def an_offer(*, percent: int = 10, of: Range) -> ConditionalOffer:
    condition = Condition.objects.create(range=of, type=Condition.COUNT, value=1)
    benefit = Benefit.objects.create(range=of, type=Benefit.PERCENTAGE, value=percent)
    return ConditionalOffer.objects.create(name=f"{percent} % off", condition=condition, benefit=benefit)


def a_range(name: str = "Cups", **fields: object) -> Range:
    return Range.objects.create(name=name, is_public=True, **fields)

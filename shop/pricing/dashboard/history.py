"""What revisions of a list changed, in pages: what they set, beside what had stood there, and what they took out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from shop.pricing.changes import key_of, target_of
from shop.pricing.models import PriceTier, Revision
from shop.stores.keys import key_in

from .goods import named
from .wording import Line

PAGE_SIZE = 50
LONG_AGO = Value(datetime(1, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    next: str = ""
    """Behind which line the next page starts: `a12` of those that were set, `r12` of those taken out."""


def page_of_changes(revision: Revision, after: str = "", *, size: int = PAGE_SIZE) -> Page:
    """Some of what a revision changed."""
    is_among_removed, last = after[:1] == "r", key_in(after[1:]) or 0
    rows: list[PriceTier] = []
    if not is_among_removed:
        rows += revision.added.filter(pk__gt=last).order_by("pk")[: size + 1]
    if left := size + 1 - len(rows):
        rows += _taken_out(revision).filter(pk__gt=last if is_among_removed else 0).order_by("pk")[:left]
    shown = rows[:size]
    following = f"{'a' if shown[-1].added_in_id == revision.pk else 'r'}{shown[-1].pk}" if rows[size:] else ""
    return Page(_lines(revision, shown), following)


def _lines(revision: Revision, rows: Iterable[PriceTier]) -> list[Line]:
    added = [row for row in rows if row.added_in_id == revision.pk]
    before = {key_of(row): row for row in _earlier(revision, added)}
    currency = revision.price_list.currency
    called = named({target_of(row) for row in rows}, currency)
    return [
        Line(
            called[target_of(row)],
            row.min_quantity,
            before.get(key_of(row)) if row.added_in_id == revision.pk else row,
            row if row.added_in_id == revision.pk else None,
            currency,
        )
        for row in rows
    ]


def _earlier(revision: Revision, added: list[PriceTier]) -> QuerySet[PriceTier]:
    """What stood for these targets before the revision, the newest last: retired by it or after it, or not at all."""
    of_targets = Q(product__in=[row.product_id for row in added if row.product_id])
    of_targets |= Q(category__in=[row.category_id for row in added if row.category_id])
    stood = Q(retired_in=None) | Q(retired_in__number__gte=revision.number)
    tiers = PriceTier.objects.filter(of_targets, stood, price_list=revision.price_list_id, version__lt=revision.number)
    return tiers.order_by("version")


def _taken_out(revision: Revision) -> QuerySet[PriceTier]:
    """What a revision retired and set nothing in the place of."""
    same_target = Q(product=OuterRef("product")) | Q(category=OuterRef("category"))
    successors = PriceTier.objects.annotate(start=Coalesce(F("valid_from"), LONG_AGO)).filter(
        same_target,
        added_in=revision,
        min_quantity=OuterRef("min_quantity"),
        start=Coalesce(OuterRef("valid_from"), LONG_AGO),
    )
    return revision.retired.filter(~Exists(successors))

"""Reads of price lists."""

from datetime import datetime

from django.db import models
from django.db.models import Min, Q, Value
from django.db.models.functions import Greatest

from .levels import Level, ListState


class PriceListQuerySet(models.QuerySet):
    def in_force(self, moment: datetime) -> "PriceListQuerySet":
        """Published, and within their windows."""
        return self.filter(_holds(moment, "starts_at", "ends_at"), is_published=True)

    def next_change(self, moment: datetime) -> datetime | None:
        """The first moment behind this one at which any published list begins or ends."""
        published = self.filter(is_published=True)
        first = published.aggregate(
            begins=Min("starts_at", filter=Q(starts_at__gt=moment)), ends=Min("ends_at", filter=Q(ends_at__gt=moment))
        )
        return min(filter(None, first.values()), default=None)

    def in_currency(self, currency: str) -> "PriceListQuerySet":
        return self.filter(currency=currency)

    def meant_for(self, store: int, company: int, group: int) -> "PriceListQuerySet":
        """Those that a buyer gets in a store for a company and its group, by their ids; 0: there is none."""
        anybodys = Q(level=Level.BASE) | Q(level=Level.STORE, store=store)
        return self.filter(anybodys | Q(company=company) | Q(level=Level.GROUP, group=group))

    def in_state(self, state: str, moment: datetime) -> "PriceListQuerySet":
        """Those that stand there at a moment; see `levels.ListState`."""
        if state == ListState.CURRENT:
            return self.in_force(moment)
        wanted = {
            ListState.DRAFT: Q(is_published=False),
            ListState.SCHEDULED: Q(is_published=True, starts_at__gt=moment),
            ListState.ENDED: Q(is_published=True, ends_at__lte=moment),
        }
        return self.filter(wanted[ListState(state)])

    def matching(self, words: str) -> "PriceListQuerySet":
        """Those whose name or short name contains the words, or that of their company, group or store."""
        names = ("name", "code", "company__name", "company__code", "group__name", "group__code", "store__name")
        return self.filter(Q.create([(f"{name}__icontains", words) for name in names], connector=Q.OR))

    def by_precedence(self) -> "PriceListQuerySet":
        """The one that comes first first, each with its base: by level, priority, then the newest."""
        return self.select_related("base").order_by("level", "-priority", "-pk")


class PriceTierQuerySet(models.QuerySet):
    def current(self) -> "PriceTierQuerySet":
        """Those that no revision has retired: what an editor sees, including what counts only later."""
        return self.filter(retired_in=None)

    def current_or_ending_after(self, moment: datetime) -> "PriceTierQuerySet":
        """Those as well that are retired only after a moment; none that was taken back before it counted."""
        return self.filter(Q(retired_in=None) | Q(counts_until__gt=Greatest("counts_from", Value(moment))))

    def in_force(self, moment: datetime) -> "PriceTierQuerySet":
        return self.filter(_holds(moment, "counts_from", "counts_until"), _holds(moment, "valid_from", "valid_until"))


def _holds(moment: datetime, start: str, end: str) -> Q:
    """That a moment is within a window: its start belongs to it, its end does not; either may be open."""
    return (Q(**{start: None}) | Q(**{f"{start}__lte": moment})) & (Q(**{end: None}) | Q(**{f"{end}__gt": moment}))

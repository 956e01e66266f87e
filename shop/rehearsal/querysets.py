"""Reads of rehearsals."""

from django.db import models
from django.db.models import F, Q


class RehearsalQuerySet(models.QuerySet):
    def with_all_shown(self) -> "RehearsalQuerySet":
        return self.select_related("price_list__company", "price_list__group", "price_list__store", "store", "by")


class _Compared(models.QuerySet):
    def matching(self, words: str):  # type: ignore[no-untyped-def]
        return self.filter(Q(label__icontains=words) | Q(code__icontains=words))

    def with_difference(self):  # type: ignore[no-untyped-def]
        """With `change`, by which rows can be sorted: what would be charged more, or less."""
        return self.annotate(change=F("net_after") - F("net_before"))


class ResultQuerySet(_Compared):
    def with_difference(self) -> "ResultQuerySet":
        margin = F("costed_after") - F("cost")
        return super().with_difference().annotate(margin=margin)


class RehearsedLineQuerySet(_Compared):
    def with_all_shown(self) -> "RehearsedLineQuerySet":
        return self.select_related("order", "company")

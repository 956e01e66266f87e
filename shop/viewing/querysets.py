"""Reads of viewings."""

from django.db import models


class ViewingQuerySet(models.QuerySet):
    def open(self) -> "ViewingQuerySet":
        """Those that nobody has ended; their hour may be over."""
        return self.filter(ended_at=None)

    def with_all_asked(self) -> "ViewingQuerySet":
        """With what each page of a viewing asks of it."""
        return self.select_related("by", "company", "store")

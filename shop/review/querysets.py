"""What may be read of reviews."""

from django.db import models


class ReviewQuerySet(models.QuerySet):
    def holding(self) -> "ReviewQuerySet":
        """Those that wait, and by which an order is held: one at most of each."""
        return self.filter(state="waiting").exclude(held_from="")

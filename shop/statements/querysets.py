from django.db import models
from django.db.models import Count, Q


class BankEntryQuerySet(models.QuerySet):
    def to_look_at(self) -> "BankEntryQuerySet":
        return self.filter(state="open")

    def with_matches(self) -> "BankEntryQuerySet":
        """With the orders they were taken for."""
        return self.prefetch_related("matches__order")

    def counted_by_state(self) -> dict[str, int]:
        """How many are in each state. One query."""
        counts = {state: Count("pk", filter=Q(state=state)) for state in ("open", "matched", "aside")}
        return self.order_by().aggregate(**counts)

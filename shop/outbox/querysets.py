from typing import TYPE_CHECKING, cast

from django.db import connection, models
from django.db.models.functions import Now

if TYPE_CHECKING:
    from shop.staff.reach import Reach


class DeliveryQuerySet(models.QuerySet):
    def within(self, reach: "Reach") -> "DeliveryQuerySet":
        """Of what happened in the stores of a reach."""
        return cast(DeliveryQuerySet, reach.within(self, "event__store"))

    def waiting(self) -> "DeliveryQuerySet":
        return self.filter(state="waiting")

    def parked(self) -> "DeliveryQuerySet":
        return self.filter(state="parked")

    def due(self) -> "DeliveryQuerySet":
        """Those to be delivered now, by the database's clock, which all who deliver share."""
        return self.waiting().filter(due_at__lte=Now()).order_by("due_at", "pk")


def merchants_with_due_deliveries() -> list[int]:
    """The ids of merchants for whom something is to be delivered now. Needs no scope: see the migration."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT outbox_due_merchants()")
        return [merchant_id for (merchant_id,) in cursor.fetchall()]

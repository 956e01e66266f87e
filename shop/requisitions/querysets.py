"""Reading requisition lists."""

from typing import Any

from django.db import models
from django.db.models import Count, Q

from shop.accounts.models import User
from shop.companies.models import Company
from shop.stores.models import Store


class RequisitionListQuerySet(models.QuerySet[Any]):
    def for_store(self, store: Store) -> "RequisitionListQuerySet":
        return self.filter(store=store)

    def visible_to(self, user: User, *, company: Company | None) -> "RequisitionListQuerySet":
        """Their own, and those of the company that they buy for now."""
        own = Q(maker=user, company=None)
        return self.filter(own | Q(company=company)) if company else self.filter(own)

    def shown(self) -> "RequisitionListQuerySet":
        """With what a table of lists says of each, in one query."""
        return self.select_related("maker", "company").annotate(line_count=Count("lines"))


class RequisitionLineQuerySet(models.QuerySet[Any]):
    def in_order(self) -> "RequisitionLineQuerySet":
        return self.order_by("position", "pk")

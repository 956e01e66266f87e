"""Whom a member of staff reaches: the stores that a permission is had for."""

from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from shop.accounts.models import User
from shop.stores.models import Store

from .models import StaffMembership
from .roles import POWERS

M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Reach:
    """Either every store of the merchant, or those of these ids."""

    is_unlimited: bool = False
    store_ids: frozenset[int] = frozenset()

    def covers(self, store_id: int | None) -> bool:
        return self.is_unlimited or store_id in self.store_ids

    def within(self, queryset: QuerySet[M], path: str = "store") -> QuerySet[M]:
        """The rows that belong to a store within reach; `path` leads from a row to its store."""
        return queryset if self.is_unlimited else queryset.filter(Q(**{f"{path}__in": self.store_ids}))

    def stores(self) -> QuerySet[Store]:
        return self.within(Store.objects.all(), "pk")


def reach_of(user: User, permission: str) -> Reach:
    """The stores for which `user` has this permission (`app.codename`) by one of their roles."""
    holding = [membership for membership in _memberships(user) if permission in POWERS[membership.role].all()]
    limits = [frozenset(store.pk for store in membership.stores.all()) for membership in holding]
    if not all(limits):  # a membership without stores is one of all stores
        return Reach(is_unlimited=True)
    return Reach(store_ids=frozenset().union(*limits))


def _memberships(user: User) -> list[StaffMembership]:
    """Read once per user object, so once per request."""
    if not user.is_authenticated:
        return []
    if "_memberships" not in user.__dict__:
        user.__dict__["_memberships"] = list(user.staff_memberships.prefetch_related("stores"))
    return user.__dict__["_memberships"]

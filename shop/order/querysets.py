from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from shop.companies.roles import MemberRole
from shop.stores.models import Store

if TYPE_CHECKING:
    from shop.accounts.models import User


class OrderQuerySet(models.QuerySet):
    def for_store(self, store: Store) -> "OrderQuerySet":
        return self.filter(store=store)

    def of_buyer(self, buyer: "User") -> "OrderQuerySet":
        return self.filter(user=buyer)

    def of_guests(self) -> "OrderQuerySet":
        """What a company ordered is no guest's, whoever of its people has closed their account."""
        return self.filter(user=None, company=None)

    def visible_to(self, person: "User") -> "OrderQuerySet":
        """What they bought for themselves, and what their companies ordered: all of it, or what they placed themselves.

        Who has left a company sees its orders no more. Reads their memberships first, since the database finds rows by
        either of two indexes only when it knows the companies.
        """
        roles = dict(person.company_memberships.filter(is_active=True).values_list("company", "role"))
        sees_all = [company for company, role in roles.items() if MemberRole(role).sees_all_orders]
        own = Q(user=person) & (Q(company=None) | Q(company__in=roles))
        return self.filter(own | Q(company__in=sees_all))

    def with_all_shown(self) -> "OrderQuerySet":
        """With everything that a page or a mail shows of an order, in a number of queries that doesn't grow."""
        return self.select_related("user", "company", "unit", "shipping_address", "billing_address").prefetch_related(
            "lines__attributes__option",
            "lines__allocations",
            "lines__product__images",
            "lines__product__parent__images",
            "discounts",
            "surcharges",
        )

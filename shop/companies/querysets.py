"""Reading companies and their people."""

from typing import Any

from django.db import models
from django.db.models import OuterRef, Q
from django.utils import timezone

from shop.accounts.models import User


class CompanyQuerySet(models.QuerySet[Any]):
    def matching(self, words: str) -> "CompanyQuerySet":
        """Those whose name, customer number or tax number contains the words, or one of whose people's addresses."""
        of_its_own = Q(name__icontains=words) | Q(code__icontains=words) | Q(tax_id__icontains=words)
        of_people = self.model.objects.filter(memberships__user__email__contains=words.lower())
        return self.filter(of_its_own | Q(pk__in=of_people.values("pk")))


class MembershipQuerySet(models.QuerySet[Any]):
    def active(self) -> "MembershipQuerySet":
        """Of people who have not left, whose account is switched on."""
        return self.filter(is_active=True, user__is_active=True)

    def usable_by(self, user: User | OuterRef) -> "MembershipQuerySet":
        """Those under which this person may buy now: of companies that are not suspended; with company and unit."""
        usable = self.filter(user=user, is_active=True, company__status="active")
        return usable.select_related("company", "unit").order_by("company__name", "company_id")


class InvitationQuerySet(models.QuerySet[Any]):
    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn; may have expired."""
        return self.filter(accepted_at=None)

    def usable(self) -> "InvitationQuerySet":
        return self.unanswered().filter(expires_at__gt=timezone.now(), company__status="active")


class ApplicationQuerySet(models.QuerySet[Any]):
    def pending(self) -> "ApplicationQuerySet":
        return self.filter(status="pending")


class CompanyAddressQuerySet(models.QuerySet[Any]):
    def of_company(self, company: Any) -> "CompanyAddressQuerySet":
        return self.filter(unit__company=company).select_related("unit__company", "country")

    def for_unit_first(self, unit_id: int | None) -> "CompanyAddressQuerySet":
        """The unit's own before those of others, the usual one first."""
        is_own = models.Case(models.When(unit=unit_id, then=0), default=1)
        return self.order_by(is_own, "-is_default_for_shipping", "unit__name", "pk")

"""The companies and applications that somebody may see."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from shop.companies.models import Application, Company, Membership
from shop.companies.roles import MemberRole
from shop.dashboard.stores import shown_reach
from shop.order.models import Order
from shop.staff.reach import Reach, reach_of
from shop.staff.requests import StaffRequest


def companies_shown(request: StaffRequest) -> QuerySet[Company]:
    return companies_within(reach_of(request.user, "companies.view_company"))


def companies_within(reach: Reach) -> QuerySet[Company]:
    """All of the merchant's; those that ordered or applied in a store within reach, for members of some stores."""
    companies = Company.objects.select_related("group")
    if reach.is_unlimited:
        return companies
    ordered = Order.objects.filter(store__in=reach.store_ids, company__isnull=False)
    applied = Application.objects.filter(store__in=reach.store_ids, company__isnull=False)
    return companies.filter(Q(pk__in=ordered.values("company")) | Q(pk__in=applied.values("company")))


def with_people(companies: QuerySet[Company]) -> QuerySet[Company]:
    """With how many people they have (`people`), and whether one of them administers (`has_admin`)."""
    people = Membership.objects.active()
    admins = people.filter(company=OuterRef("pk"), role=MemberRole.ADMIN)
    is_active = Q(memberships__is_active=True, memberships__user__is_active=True)
    return companies.annotate(people=Count("memberships", filter=is_active), has_admin=Exists(admins))


def applications_shown(request: StaffRequest) -> QuerySet[Application]:
    """Those that came in at a store within reach, or at the one that was chosen."""
    reach = shown_reach(request, "companies.view_application")
    return reach.within(Application.objects.select_related("store", "company", "decided_by", "country"))

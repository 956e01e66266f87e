"""For whom a visitor buys: chosen, remembered, and read anew by each request."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from shop.accounts.models import User
from shop.companies.acting import THEMSELVES, choice_of, choose, company_of, membership_of
from shop.companies.models import Company, CompanyStatus, Membership
from shop.companies.roles import MemberRole
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member
from tests.queries import counted_queries
from tests.trade import a_buyer

pytestmark = pytest.mark.django_db


def visit(user: User | AnonymousUser, session: dict | None = None) -> HttpRequest:
    """A request of its own; `session` is what was kept from the one before."""
    request = HttpRequest()
    request.user = user
    request.session = {} if session is None else session
    return request


@pytest.fixture
def buyer(in_aurora):
    return a_buyer()


@pytest.fixture
def cafe(in_aurora):
    return a_company("Harbour Café")


@pytest.fixture
def school(in_aurora):
    return a_company("Hill School")


def test_a_visitor_who_has_not_signed_in_buys_for_themselves_without_a_query(in_aurora):
    with counted_queries() as queries:
        company = company_of(visit(AnonymousUser()))

    assert company is None
    assert queries == []


def test_the_company_is_read_in_one_query_once_a_request_however_many_there_are(buyer, cafe, school):
    a_member(cafe, user=buyer)
    request = visit(buyer, {"acting_for": cafe.pk})

    with counted_queries() as one:
        company = company_of(request)
        assert (membership_of(request).company, company_of(request).group_id) == (company, None)
    a_member(school, user=buyer)
    with counted_queries() as two:
        again = company_of(visit(buyer, {"acting_for": cafe.pk}))

    assert company == again == cafe
    assert (len(one), len(two)) == (1, 1)


def test_a_member_who_never_chose_buys_for_themselves(buyer, cafe):
    a_member(cafe, user=buyer)

    assert company_of(visit(buyer)) is None


def test_a_choice_holds_for_the_request_and_those_that_follow(buyer, cafe, school):
    a_member(cafe, user=buyer)
    a_member(school, user=buyer)
    first = visit(buyer)

    may = choose(first, school.pk)

    assert may
    assert company_of(first) == company_of(visit(buyer, first.session)) == school


def test_who_chooses_themselves_buys_for_themselves_whatever_they_chose_before(buyer, cafe):
    a_member(cafe, user=buyer)
    request = visit(buyer)
    choose(request, cafe.pk)

    choose(request, THEMSELVES)

    assert company_of(request) is company_of(visit(buyer, request.session)) is None
    assert not choice_of(visit(buyer, request.session)).has_lost


def test_signing_in_anew_begins_with_the_company_that_was_chosen_last(buyer, cafe, school):
    a_member(cafe, user=buyer)
    a_member(school, user=buyer)
    for company in (cafe, school, cafe):
        choose(visit(buyer), company.pk)

    assert company_of(visit(buyer)) == cafe


@pytest.mark.parametrize("lost", ["suspended", "removed", "gone"])
def test_whoever_may_no_longer_buy_for_a_company_does_not_from_the_next_request_on(buyer, cafe, lost):
    member = a_member(cafe, user=buyer)
    request = visit(buyer)
    choose(request, cafe.pk)

    match lost:
        case "suspended":
            Company.objects.update(status=CompanyStatus.SUSPENDED)
        case "removed":
            Membership.objects.update(is_active=False)
        case "gone":
            member.delete()

    choice = choice_of(visit(buyer, request.session))
    assert (choice.company, choice.memberships, choice.has_lost) == (None, (), True)


@pytest.mark.parametrize(("role", "may_order"), [(role, role != "viewer") for role in MemberRole])
def test_everybody_but_a_viewer_may_order(cafe, role, may_order):
    assert a_member(cafe, role).rights.may_order is may_order


def test_a_stranger_cannot_choose_a_company_of_somebody_else_nor_remember_it(buyer, cafe, lumen):
    a_member(cafe)
    with merchant_scope(lumen.pk):
        theirs = a_company("Lumen's own")

    request = visit(buyer)

    assert not choose(request, cafe.pk)
    assert not choose(request, theirs.pk)
    assert request.session == {}
    assert company_of(visit(buyer, {"acting_for": cafe.pk})) is None
    with merchant_scope(lumen.pk):
        assert company_of(visit(a_buyer("grace@lumen.example"), {"acting_for": cafe.pk})) is None

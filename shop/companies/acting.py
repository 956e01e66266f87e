"""For whom the signed-in visitor buys: one of their companies, or themselves.

The choice is kept in the session. Where none was made since signing in, it is the company that they chose last; who
never chose one buys for themselves. What a session remembers gives no right: each request reads the memberships anew,
in one query, so that whoever was suspended or removed buys for the company no more. Accounts come with the word
whether they have any (`backends`): whoever has none costs no query.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils import timezone

from shop.versions.marks import session
from shop.versions.moves import move
from shop.viewing.current import viewing_of

from .models import Company, Membership

KEY = "acting_for"
THEMSELVES = 0
"""In the session, in the place of a company's id."""


@dataclass(frozen=True)
class Choice:
    """For whom the visitor may buy, and for whom they do."""

    memberships: tuple[Membership, ...] = ()
    membership: Membership | None = None
    """None: they buy for themselves."""
    has_lost: bool = False
    """The company they had chosen is no longer theirs to buy for."""

    @property
    def company(self) -> Company | None:
        return self.membership.company if self.membership else None


@dataclass(frozen=True)
class ForCompany(Choice):
    """For a company, whoever does."""

    buys_for: Company | None = None

    @property
    def company(self) -> Company | None:
        return self.buys_for


def company_of(request: HttpRequest) -> Company | None:
    """The active company that the visitor buys for now; None for themselves. One query, once a request; none for
    visitors who have not signed in. Staff who see the store as a company get that one."""
    viewing = viewing_of(request)
    return viewing.company if viewing else choice_of(request).company


def membership_of(request: HttpRequest) -> Membership | None:
    """The membership under which they buy for it."""
    return choice_of(request).membership


def choice_of(request: HttpRequest) -> Choice:
    request = getattr(request, "_request", request)  # that of Django REST framework is wrapped around Django's
    if not hasattr(request, "company_choice"):
        may_have = getattr(request.user, "has_companies", True)
        request.company_choice = _chosen(request, _usable(request) if may_have else ())  # type: ignore[attr-defined]
    return request.company_choice


def choose(request: HttpRequest, company_id: int) -> bool:
    """Buy for this company from now on, or for `THEMSELVES`; returns whether the visitor may.

    Reads anew: they may have signed in, or joined the company, in this very request.
    """
    memberships = _usable(request)
    membership = _of_company(memberships, company_id)
    if membership is None and company_id != THEMSELVES:
        return False
    request.session[KEY] = company_id
    if key := getattr(request.session, "session_key", None):
        move(session(key))
    if membership:
        Membership.objects.filter(pk=membership.pk).update(last_used_at=timezone.now())
    request.company_choice = Choice(memberships, membership)  # type: ignore[attr-defined]
    return True


def act_for(request: HttpRequest, membership: Membership | None) -> None:
    """Whatever was chosen in a browser: machines buy for the company that their key names, or for its account."""
    request.company_choice = Choice((membership,) if membership else (), membership)  # type: ignore[attr-defined]


def act_for_company(request: HttpRequest, company: Company | None) -> None:
    """Whoever asks: a page that is made for all who buy for it."""
    request.company_choice = ForCompany(buys_for=company)  # type: ignore[attr-defined]


def _usable(request: HttpRequest) -> tuple[Membership, ...]:
    return tuple(Membership.objects.usable_by(request.user)) if request.user.is_authenticated else ()


def _chosen(request: HttpRequest, memberships: tuple[Membership, ...]) -> Choice:
    if not request.user.is_authenticated:
        return Choice()
    chosen = request.session.get(KEY) if hasattr(request, "session") else THEMSELVES
    if chosen is None:
        used = [membership for membership in memberships if membership.last_used_at]
        return Choice(memberships, max(used, key=lambda membership: membership.last_used_at, default=None))
    membership = _of_company(memberships, chosen)
    return Choice(memberships, membership, has_lost=membership is None and chosen != THEMSELVES)


def _of_company(memberships: tuple[Membership, ...], company_id: int) -> Membership | None:
    return next((membership for membership in memberships if membership.company_id == company_id), None)

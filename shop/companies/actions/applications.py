"""Asking for a trade account, and the answer."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.accounts.letters import send_letter
from shop.accounts.models import User
from shop.audit.actions import record

from .. import letters, locks
from ..errors import ApplicationDecided, ReasonMissing
from ..models import Application, ApplicationStatus, Company, CompanyAddress
from ..roles import MemberRole
from .companies import open_company
from .people import attach, invite


@transaction.atomic
def apply(application: Application, *, origin: str) -> None:
    """Put an application into the queue, and say so by one letter.

    Anybody can type anybody's address: a second application of an address whose first is waiting changes nothing, and
    only the letter tells.
    """
    shop = application.store.name
    application.consented_at = timezone.now()
    try:
        with transaction.atomic():
            application.save(force_insert=True)
    except IntegrityError:
        letter = letters.applied_before(shop=shop)
    else:
        letter = letters.applied(application, shop=shop)
        record("company.applied", by=None, target=application, store=application.store, actor_label=application.email)
    send_letter(letter, to=application.email, origin=origin)


@transaction.atomic
def approve(application: Application, company: Company, *, by: User, origin: str) -> Company:
    """Open the company that staff made of the application, with the applicant as its administrator.

    Who has an account of that address is attached and told; who has none is invited. Raises `ApplicationDecided`.
    """
    held = _decided(application, ApplicationStatus.APPROVED, by=by)
    open_company(company, by=by, first_unit=_("Head office"))
    _address_of(held, company).save()
    applicant = User.objects.filter(email=held.email, is_active=True, stands_for_operator=False).first()
    if applicant:
        attach(company, applicant, role=MemberRole.ADMIN, by=by)
        send_letter(letters.attached(company), to=held.email, origin=origin)
    else:
        invite(company, held.email, role=MemberRole.ADMIN, by=by, origin=origin, written=letters.approved)
    held.company = company
    held.save()
    record("company.application_approved", by=by, target=held, store=held.store, company=company.code)
    return company


@transaction.atomic
def decline(application: Application, *, reason: str, by: User, origin: str) -> Application:
    """Say no, and why. Raises `ReasonMissing`, `ApplicationDecided`."""
    if not reason.strip():
        raise ReasonMissing
    held = _decided(application, ApplicationStatus.DECLINED, by=by)
    held.reason = reason.strip()
    held.save()
    record("company.application_declined", by=by, target=held, store=held.store, reason=held.reason)
    send_letter(letters.declined(held, shop=held.store.name), to=held.email, origin=origin)
    return held


def company_of(application: Application) -> Company:
    """The company that an application would become, not saved; staff look it over."""
    return Company(name=application.company_name, tax_id=application.tax_id)


def _decided(application: Application, status: ApplicationStatus, *, by: User) -> Application:
    """The application, locked and decided, not saved. Raises `ApplicationDecided`."""
    held = locks.applications().select_related("store").get(pk=application.pk)
    if held.status != ApplicationStatus.PENDING:
        raise ApplicationDecided
    held.status, held.decided_by, held.decided_at = status, by, timezone.now()
    return held


def _address_of(application: Application, company: Company) -> CompanyAddress:
    return CompanyAddress(
        unit=company.units.get(),
        first_name=application.first_name,
        last_name=application.last_name,
        line1=application.street,
        line2=application.company_name,
        line4=application.town,
        postcode=application.postcode,
        country=application.country,
        is_default_for_shipping=True,
        is_default_for_billing=True,
    )

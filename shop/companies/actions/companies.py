"""Opening companies, changing them, and stopping their purchases."""

import secrets
from typing import Any

from django.db import transaction

from shop.accounts.models import User
from shop.audit.actions import record

from .. import locks
from ..models import Company, CompanyStatus, Unit

KEPT = (
    *("name", "code", "group_id", "tax_id", "is_tax_exempt", "exemption_reference", "tax_display"),
    *("terms_days", "credit_limit", "credit_currency"),
)
"""What the trail keeps of a company; the note may be about people, and people can ask to be forgotten."""


@transaction.atomic
def open_company(company: Company, *, by: User | None, first_unit: str) -> Company:
    """Write a new company with its first unit. One without a customer number is given one that tells no count."""
    company.code = company.code or _new_code()
    company.save(force_insert=True)
    Unit.objects.create(company=company, name=first_unit)
    record("company.opened", by=by, target=company, **_said_of(company))
    return company


@transaction.atomic
def change_company(company: Company, *, by: User | None) -> Company:
    """Write what was changed on the instance; the trail has what it was before. The status is not changed here."""
    before = locks.companies().get(pk=company.pk)
    company.status = before.status
    company.save()
    after = _said_of(company)
    changed = {name: value for name, value in _said_of(before).items() if value != after[name]}
    if changed or before.note != company.note:
        record("company.changed", by=by, target=company, before=changed)
    return company


@transaction.atomic
def suspend(company: Company, *, by: User | None, reason: str = "") -> Company:
    """Nobody buys for the company any more, from the next request on. What was ordered stays ordered."""
    return _switch(company, CompanyStatus.SUSPENDED, "company.suspended", by=by, reason=reason)


@transaction.atomic
def reactivate(company: Company, *, by: User | None) -> Company:
    """Its people buy for it again."""
    return _switch(company, CompanyStatus.ACTIVE, "company.reactivated", by=by)


def _switch(company: Company, status: CompanyStatus, action: str, *, by: User | None, **details: str) -> Company:
    held = locks.companies().get(pk=company.pk)
    if held.status != status:
        held.status = status
        held.save(update_fields=["status"])
        record(action, by=by, target=held, **details)
    return held


def _said_of(company: Company) -> dict[str, Any]:
    """As JSON has it: an amount as text."""
    said = {name: getattr(company, name) for name in KEPT}
    return {**said, "credit_limit": None if company.credit_limit is None else f"{company.credit_limit:.2f}"}


def _new_code() -> str:
    while True:
        code = f"C-{secrets.randbelow(10**6):06}"
        if not Company.objects.filter(code=code).exists():
            return code

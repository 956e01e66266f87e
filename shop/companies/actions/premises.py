"""The parts of a company, and where they are."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from shop.accounts.models import User
from shop.audit.actions import record

from .. import locks
from ..errors import UnitRefused
from ..models import Company, CompanyAddress, Unit


@transaction.atomic
def save_unit(unit: Unit, *, by: User) -> Unit:
    """Add a unit, or rename or move one. Raises `UnitRefused`."""
    company = locks.companies().get(pk=unit.company_id)
    _refuse_namesake(unit)
    _refuse_loop(unit, company)
    is_new = unit.pk is None
    unit.save()
    details = {"unit": unit.name, "part_of": unit.parent and unit.parent.name}
    record("company.unit_added" if is_new else "company.unit_changed", by=by, target=company, **details)
    return unit


@transaction.atomic
def remove_unit(unit: Unit, *, by: User) -> None:
    """Take away a unit that nothing hangs on, with its addresses. Raises `UnitRefused`."""
    company = locks.companies().get(pk=unit.company_id)
    if company.units.count() == 1:
        raise UnitRefused(_("A company has one unit at least."))
    try:
        with transaction.atomic():
            unit.delete()
    except ProtectedError as error:
        raise UnitRefused(_("People, orders or other units belong to this unit: move them first.")) from error
    record("company.unit_removed", by=by, target=company, unit=unit.name)


@transaction.atomic
def save_address(address: CompanyAddress, *, by: User) -> CompanyAddress:
    """Write an address of a unit. The usual one of a unit is one: the one before no longer is."""
    others = CompanyAddress.objects.filter(unit=address.unit).exclude(pk=address.pk)
    for usual in ("is_default_for_shipping", "is_default_for_billing"):
        if getattr(address, usual):
            others.filter(**{usual: True}).update(**{usual: False})
    address.save()
    record("company.address_saved", by=by, target=address.unit.company, unit=address.unit.name, address=address.summary)
    return address


@transaction.atomic
def remove_address(address: CompanyAddress, *, by: User) -> None:
    """Orders keep theirs: they have copies."""
    details = {"unit": address.unit.name, "address": address.summary}
    address.delete()
    record("company.address_removed", by=by, target=address.unit.company, **details)


def _refuse_namesake(unit: Unit) -> None:
    if Unit.objects.filter(company=unit.company_id, name=unit.name).exclude(pk=unit.pk).exists():
        raise UnitRefused(_("The company has a unit of this name."))


def _refuse_loop(unit: Unit, company: Company) -> None:
    """No unit is part of itself, by however many others."""
    parents = dict(company.units.values_list("pk", "parent_id"))
    above = unit.parent_id
    while above is not None:
        if above == unit.pk or above not in parents:
            raise UnitRefused(_("A unit can't be part of itself."))
        above = parents[above]

"""Companies, their people and their part numbers from CSV and XLSX files.

A file is read as catalogues are (`shop.imports.readers`), and is written as a whole or not at all: a row that is
refused, with its line, column and reason, keeps all others out until it is mended. Columns are documented in
docs/features/companies.md.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from babel.numbers import list_currencies
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from shop.accounts.models import User
from shop.imports.errors import FileRefused, Refusal
from shop.imports.headers import columns_of
from shop.imports.readers import Row, open_table

from .actions.companies import change_company, open_company
from .actions.part_numbers import set_part_number
from .actions.people import change_membership, invite
from .errors import CompanyRefused
from .models import Company, CustomerGroup, Invitation, Membership
from .products import product_coded
from .roles import MemberRole

MOST_ROWS = 20_000
"""Of one file: it is written in one request."""
YES, NO = frozenset({"yes", "true", "1", "ja"}), frozenset({"", "no", "false", "0", "nein"})


@dataclass
class Report:
    """What was written, or would be."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refusals: list[Refusal] = field(default_factory=list)


@dataclass(frozen=True)
class Author:
    """Who imports, and where the links of letters lead."""

    user: User | None
    origin: str


class RowRefused(ValueError):
    def __init__(self, column: str, reason: str) -> None:
        self.column = column
        super().__init__(reason)


@dataclass(frozen=True)
class Kind:
    """One kind of file. `write` takes a row's cells by their columns, and says what became of it."""

    code: str
    label: str | Promise
    required: tuple[str, ...]
    optional: tuple[str, ...]
    write: Callable[[dict[str, str], Author], str]


def import_rows(path: Path, kind: Kind, *, by: User | None, origin: str, is_rehearsal: bool = False) -> Report:
    """Write every row of a file, unless one is refused or it is a rehearsal. Raises `FileRefused`."""
    report, author = Report(), Author(by, origin)
    with open_table(path) as table, transaction.atomic():
        columns = columns_of(table, required=kind.required, optional=kind.optional)
        for number, row in enumerate(table.rows, start=1):
            if number > MOST_ROWS:
                raise FileRefused(_("the file has more than %(count)d rows: divide it") % {"count": MOST_ROWS})
            _take(row, columns, kind, author, report)
        if is_rehearsal or report.refusals:
            transaction.set_rollback(True)
    return report


def _take(row: Row, columns: list[str], kind: Kind, author: Author, report: Report) -> None:
    """One row, in a savepoint of its own: what is refused of it leaves nothing behind."""
    try:
        if row.fault:
            raise RowRefused("", row.fault)
        if any("\0" in cell for cell in row.cells):
            raise RowRefused("", _("has a character that can't be kept"))
        cells = dict(zip(columns, (cell.strip() for cell in row.cells), strict=True))
        if missing := [name for name in kind.required if not cells[name]]:
            raise RowRefused(missing[0], _("is missing"))
        with transaction.atomic():
            outcome = kind.write(cells, author)
        setattr(report, outcome, getattr(report, outcome) + 1)
    except RowRefused as refusal:
        report.refusals.append(Refusal(row.line, refusal.column, str(refusal)))
    except CompanyRefused as refusal:
        report.refusals.append(Refusal(row.line, "", str(refusal)))
    except ValidationError as error:
        report.refusals.extend(_of_fields(row.line, error))


def _of_fields(line: int, error: ValidationError) -> Iterable[Refusal]:
    for name, reasons in error.message_dict.items():
        for reason in reasons:
            yield Refusal(line, "" if name == "__all__" else name, reason)


def _write_company(cells: dict[str, str], author: Author) -> str:
    """Opens the company of this number, or changes what the file says of it; an empty cell says nothing."""
    known = Company.objects.filter(code=cells["code"]).first()
    company = known or Company(code=cells["code"])
    before = {name: getattr(company, name) for name in WRITTEN}
    company.name = cells["name"]
    for name in ("tax_id", "exemption_reference", "tax_display", "note"):
        setattr(company, name, cells.get(name) or getattr(company, name))
    if code := cells.get("group"):
        company.group = _group(code)
    if said := cells.get("tax_exempt"):
        company.is_tax_exempt = _truth("tax_exempt", said)
    if days := cells.get("terms_days"):
        company.terms_days = _number("terms_days", days)
    if limit := cells.get("credit_limit"):
        company.credit_limit = _amount("credit_limit", limit)
    if currency := cells.get("credit_currency"):
        company.credit_currency = _currency("credit_currency", currency)
    if company.is_tax_exempt and not company.exemption_reference:
        raise RowRefused("exemption_reference", _("is missing: say which certificate exempts the company"))
    company.full_clean(exclude=["group"])
    if known is None:
        open_company(company, by=author.user, first_unit=_("Head office"))
        return "added"
    if before == {name: getattr(company, name) for name in WRITTEN}:
        return "unchanged"
    change_company(company, by=author.user)
    return "changed"


def _write_person(cells: dict[str, str], author: Author) -> str:
    """Invites the person, or gives a member the role and the unit that the file says."""
    company, email = _company(cells["company"]), cells["email"].lower()
    try:
        Invitation._meta.get_field("email").run_validators(email)
    except ValidationError as error:
        raise RowRefused("email", error.messages[0]) from error
    role = (cells.get("role") or MemberRole.BUYER).lower()
    if role not in MemberRole.values:
        raise RowRefused("role", _("is none of %(roles)s") % {"roles": ", ".join(MemberRole.values)})
    unit = None
    if name := cells.get("unit"):
        unit = company.units.filter(name=name).first()
        if unit is None:
            raise RowRefused("unit", _("is no unit of the company"))
    member = Membership.objects.active().filter(company=company, user__email=email).first()
    if member is None:
        invited = company.invitations.unanswered().filter(email=email, role=role, unit=unit)
        if any(not invitation.has_expired for invitation in invited):
            return "unchanged"
        invite(company, email, role=role, unit=unit, by=author.user, origin=author.origin)
        return "added"
    if (member.role, member.unit_id) == (role, unit and unit.pk):
        return "unchanged"
    change_membership(member, role=role, unit=unit, by=author.user)  # type: ignore[arg-type]
    return "changed"


def _write_part_number(cells: dict[str, str], author: Author) -> str:
    company, product = _company(cells["company"]), product_coded(cells["sku"])
    if product is None:
        raise RowRefused("sku", _("is the SKU of no product, or of more than one"))
    if len(cells["part_number"]) > 64:
        raise RowRefused("part_number", _("has more than 64 characters"))
    if company.part_numbers.filter(number=cells["part_number"], product=product).exists():
        return "unchanged"
    set_part_number(company, product, cells["part_number"], by=author.user)
    return "added"


def _company(code: str) -> Company:
    company = Company.objects.filter(code=code).first()
    if company is None:
        raise RowRefused("company", _("is the number of no company"))
    return company


def _group(code: str) -> CustomerGroup:
    group = CustomerGroup.objects.filter(code=code).first()
    if group is None:
        raise RowRefused("group", _("is the short name of no customer group"))
    return group


def _truth(column: str, said: str) -> bool:
    if said.lower() in YES | NO:
        return said.lower() in YES
    raise RowRefused(column, _("is neither yes nor no"))


def _number(column: str, said: str) -> int:
    if said.isascii() and said.isdigit() and len(said) < 5:
        return int(said)
    raise RowRefused(column, _("is no number of days"))


def _amount(column: str, said: str) -> Decimal:
    if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{1,2})?", said, re.ASCII):
        return Decimal(said)
    raise RowRefused(column, _("is not an amount such as 2500.00"))


def _currency(column: str, said: str) -> str:
    if said.upper() in list_currencies():
        return said.upper()
    raise RowRefused(column, _("is no currency such as EUR"))


WRITTEN = (
    *("name", "group_id", "tax_id", "is_tax_exempt", "exemption_reference"),
    *("tax_display", "terms_days", "credit_limit", "credit_currency", "note"),
)
"""What a file may say of a company."""

KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            "companies",
            gettext_lazy("Companies"),
            ("code", "name"),
            (
                *("group", "tax_id", "tax_exempt", "exemption_reference"),
                *("tax_display", "terms_days", "credit_limit", "credit_currency", "note"),
            ),
            _write_company,
        ),
        Kind("people", gettext_lazy("People"), ("company", "email"), ("role", "unit"), _write_person),
        Kind("part_numbers", gettext_lazy("Part numbers"), ("company", "sku", "part_number"), (), _write_part_number),
    )
}
"""By their codes."""

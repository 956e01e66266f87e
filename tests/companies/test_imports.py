"""Companies, people and part numbers from files: all of a file, or nothing of it."""

from pathlib import Path

import openpyxl
import pytest
from django.core import mail

from shop.companies.imports import KINDS, Report, import_rows
from shop.companies.models import Company, CustomerGroup, Invitation, PartNumber
from shop.companies.roles import MemberRole
from shop.imports.errors import FileRefused
from shop.stores.current import serving
from shop.stores.scope import merchant_scope
from tests.business import a_company, a_member
from tests.goods import a_product
from tests.trade import a_buyer

from .conftest import ORIGIN

pytestmark = pytest.mark.django_db


@pytest.fixture
def load(store, tmp_path: Path, committed):
    """Imports rows as a CSV file."""

    def load(kind: str, *lines: str, is_rehearsal: bool = False) -> Report:
        path = tmp_path / "file.csv"
        path.write_text("\n".join(lines) + "\n")
        with committed(), serving(store):
            return import_rows(path, KINDS[kind], by=None, origin=ORIGIN, is_rehearsal=is_rehearsal)

    return load


def tally(report: Report) -> tuple[int, int, int, list[str]]:
    return report.added, report.changed, report.unchanged, [str(refusal) for refusal in report.refusals]


COMPANIES = (
    "Code,Name,Group,Terms days,Tax exempt,Exemption reference",
    "K-1,Harbour Café,cafes,30,no,",
    "K-2,Hill School,,,yes,EX-9",
)


def test_companies_are_opened_and_once_more_changed(load):
    CustomerGroup.objects.create(name="Cafés", code="cafes")

    assert tally(load("companies", *COMPANIES)) == (2, 0, 0, [])
    cafe, school = Company.objects.order_by("code")
    assert (cafe.name, cafe.group.code, cafe.terms_days, cafe.units.count()) == ("Harbour Café", "cafes", 30, 1)
    assert (school.is_tax_exempt, school.exemption_reference) == (True, "EX-9")
    assert tally(load("companies", "code,name,terms_days", "K-1,Harbour Bar,", "K-2,Hill School,")) == (0, 1, 1, [])
    cafe.refresh_from_db()
    assert (cafe.name, cafe.terms_days) == ("Harbour Bar", 30)


def test_a_rehearsal_says_the_same_and_writes_nothing(load):
    CustomerGroup.objects.create(name="Cafés", code="cafes")

    assert tally(load("companies", *COMPANIES, is_rehearsal=True)) == (2, 0, 0, [])

    assert not Company.objects.exists()


def test_one_bad_row_keeps_the_file_out_and_each_says_where_and_why(load):
    report = load(
        "companies",
        "code,name,group,terms_days,tax_exempt",
        "K-1,Fine,,,",
        ",No number,,,",
        "K-3,Unknown group,nope,,",
        "K-4,Soon,,tomorrow,",
        "K-5,Exempt,,,maybe",
        f"K-6,{'x' * 201},,,",
    )

    assert tally(report) == (
        1,
        0,
        0,
        [
            "line 3, code: is missing",
            "line 4, group: is the short name of no customer group",
            "line 5, terms_days: is no number of days",
            "line 6, tax_exempt: is neither yes nor no",
            "line 7, name: Ensure this value has at most 200 characters (it has 201).",
        ],
    )
    assert not Company.objects.exists()


def test_people_are_invited_by_letter_and_members_get_the_role_of_the_file(load):
    company = a_company(code="K-1")
    a_member(company, MemberRole.ADMIN)
    member = a_member(company, user=a_buyer("ada@people.example"))
    lines = (
        "company,email,role,unit",
        "K-1,Grace@People.example,viewer,Head office",
        "K-1,ada@people.example,approver,",
    )

    assert tally(load("people", *lines)) == (1, 1, 0, [])
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.role, invitation.unit.name) == (
        "grace@people.example",
        "viewer",
        "Head office",
    )
    assert [letter.to for letter in mail.outbox] == [["grace@people.example"]]
    member.refresh_from_db()
    assert member.role == "approver"
    assert tally(load("people", *lines)) == (0, 0, 2, [])
    assert len(mail.outbox) == 1


def test_people_of_nowhere_are_refused_and_nobody_has_mail(load):
    company = a_company(code="K-1")
    a_member(company, MemberRole.ADMIN, user=a_buyer("ada@people.example"))

    report = load(
        "people",
        "company,email,role,unit",
        "K-1,grace@people.example,,",
        "K-9,grace@people.example,,",
        "K-1,not an address,,",
        "K-1,ida@people.example,king,",
        "K-1,ida@people.example,,Cellar",
        "K-1,ada@people.example,viewer,",
    )

    assert [str(refusal) for refusal in report.refusals] == [
        "line 3, company: is the number of no company",
        "line 4, email: Enter a valid email address.",
        "line 5, role: is none of admin, buyer, approver, viewer",
        "line 6, unit: is no unit of the company",
        "line 7: Harbour Café needs an administrator: make somebody else one first.",
    ]
    assert (mail.outbox, Invitation.objects.count()) == ([], 0)


def test_part_numbers_come_from_a_workbook(store, tmp_path):
    company, cup = a_company(code="K-1"), a_product("Cup", store)
    sku = cup.stockrecords.get().partner_sku
    book = openpyxl.Workbook()
    for row in (["company", "sku", "part number"], ["K-1", sku, "77-A"], ["K-1", sku, "77-A"], ["K-1", sku, "77-B"]):
        book.active.append(row)
    book.save(tmp_path / "file.xlsx")

    report = import_rows(tmp_path / "file.xlsx", KINDS["part_numbers"], by=None, origin=ORIGIN)

    assert tally(report) == (2, 0, 1, [])
    assert list(company.part_numbers.values_list("number", "product")) == [("77-A", cup.pk), ("77-B", cup.pk)]


def test_a_number_is_one_product_s_and_an_unknown_sku_is_no_product_s(load, store):
    company = a_company(code="K-1")
    cup, pot = a_product("Cup", store), a_product("Pot", store)
    PartNumber.objects.create(company=company, product=cup, number="77")

    report = load("part_numbers", "company,sku,part_number", f"K-1,{pot.stockrecords.get().partner_sku},77", "K-1,X,78")

    assert [str(refusal) for refusal in report.refusals] == [
        "line 2: The company calls another product 77.",
        "line 3, sku: is the SKU of no product, or of more than one",
    ]


@pytest.mark.parametrize(
    ("kind", "row", "column"),
    [
        ("companies", "K-2,Hill\0School", ""),
        ("companies", "\0,Hill School", ""),
        ("people", "\0,grace@people.example", ""),
        ("people", f"K-1,{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example", "email"),
        ("part_numbers", "K-1,\0,77", ""),
    ],
)
def test_what_no_column_holds_is_refused_with_its_line(load, store, kind, row, column):
    a_company(code="K-1")
    header = ",".join(KINDS[kind].required)

    report = load(kind, header, row)

    assert [(refusal.line, refusal.column) for refusal in report.refusals] == [(2, column)]
    assert (Company.objects.count(), Invitation.objects.count(), PartNumber.objects.count()) == (1, 0, 0)


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("name", "there is no column code"),
        ("code,name,colour", 'there is no use for the column "colour"'),
        ("code,name,Name", "there is a column more than once"),
    ],
)
def test_a_file_of_other_columns_is_refused_as_a_whole(load, header, why):
    with pytest.raises(FileRefused, match=why):
        load("companies", header, "K-1,Harbour Café,x")

    assert not Company.objects.exists()


def test_a_stranger_s_company_is_the_number_of_none(load, lumen):
    with merchant_scope(lumen.pk):
        a_company(code="K-1")

    report = load("people", "company,email", "K-1,grace@people.example")

    assert [str(refusal) for refusal in report.refusals] == ["line 2, company: is the number of no company"]

"""Landed costs from files: all of a file, or nothing of it."""

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from shop.accounts.models import User
from shop.audit.models import AuditEntry
from shop.costs.imports import Report, import_costs
from shop.costs.models import UnitCost
from shop.imports.errors import FileRefused
from shop.partner.models import Partner, StockRecord
from shop.staff.actions import grant_role
from shop.staff.roles import Role
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.queries import counted_queries

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal
SPRING, MONTH = datetime(2031, 3, 2, tzinfo=UTC), timedelta(days=25)
HEADER = "sku,currency,purchase,freight,duty,other,valid_from"


@pytest.fixture
def record(aurora_store) -> StockRecord:
    return a_product("Cup", aurora_store).stockrecords.get()


@pytest.fixture
def load(tmp_path: Path, aurora_store):
    def load(*lines: str, **fields: object) -> Report:
        path = tmp_path / "costs.csv"
        path.write_text("\n".join(lines) + "\n")
        return import_costs(path, name=path.name, by=None, **fields)

    return load


def tally(report: Report) -> tuple[int, int, list[str]]:
    return report.added, report.unchanged, [str(refusal) for refusal in report.refusals]


def test_costs_are_noted_beside_what_was_known(load, record):
    now = timezone.now()
    old = UnitCost.objects.create(stockrecord=record, currency="EUR", purchase=3, valid_from=now - timedelta(days=9))

    report = load(HEADER, f"{record.partner_sku},eur,4.1234,0.5,,0.1,", f"{record.partner_sku},EUR,5,,,,2030-01-01")

    assert tally(report) == (2, 0, [])
    assert UnitCost.objects.at(timezone.now(), of=[record.pk])[record.pk].landed == D("4.7234")
    assert UnitCost.objects.at(now - timedelta(days=1), of=[record.pk])[record.pk] == old
    assert UnitCost.objects.latest("valid_from").valid_from.isoformat() == "2030-01-01T00:00:00+00:00"
    assert AuditEntry.objects.get(action="costs.imported").details["added"] == 2


def test_a_file_that_is_sent_twice_changes_nothing(load, record):
    lines = (HEADER, f"{record.partner_sku},EUR,4,1,,,", f"{record.partner_sku},EUR,5,,,,2030-01-01")

    assert tally(load(*lines)) == (2, 0, [])
    assert tally(load(*lines)) == (0, 2, [])
    assert UnitCost.objects.count() == 2


def test_a_cost_that_a_file_changes_and_changes_back_is_noted_both_times_in_whichever_order(load, record):
    now = timezone.now()
    UnitCost.objects.create(stockrecord=record, currency="EUR", purchase=5, valid_from=now - timedelta(days=9))
    back, dearer = (f"{record.partner_sku},EUR,{cost},,,,{day}" for cost, day in ((5, "2031-03-01"), (6, "2031-02-01")))

    report = load(HEADER, back, dearer)

    assert tally(report) == (2, 0, [])
    seen = [UnitCost.objects.at(at, of=[record.pk])[record.pk].landed for at in (now, SPRING - MONTH, SPRING + MONTH)]
    assert seen == [D(5), D(6), D(5)]
    assert tally(load(HEADER, back, dearer)) == (0, 2, [])


def test_a_rehearsal_says_the_same_and_notes_nothing(load, record):
    assert tally(load(HEADER, f"{record.partner_sku},EUR,4,,,,", is_rehearsal=True)) == (1, 0, [])
    assert not UnitCost.objects.exists()


def test_one_bad_row_keeps_the_file_out_and_each_says_where_and_why(load, record):
    sku = record.partner_sku
    report = load(
        HEADER,
        f"{sku},EUR,4,,,,",
        "NOPE,EUR,4,,,,",
        f"{sku},XYZ,,-1,1.23456,20000000,soon",
        f"{sku},EUR,cheap,,,,0001-01-01",
        ",EUR,4,,,,",
        f"{sku},EUR,5,,,,",
        "short",
    )

    assert tally(report)[2] == [
        "line 3, sku: is no SKU of a supplier",
        "line 4, currency: is no currency such as EUR",
        "line 4, duty: has more than four decimals",
        "line 4, freight: is below zero",
        "line 4, other: is taken for a slip: one piece would cost more than 10000000",
        "line 4, purchase: is not a number such as 1234.50",
        "line 4, valid_from: is not a day such as 2026-12-31",
        "line 5, purchase: is not a number such as 1234.50",
        "line 5, valid_from: is not a day such as 2026-12-31",
        "line 6, sku: is missing",
        "line 7, sku: stands in line 2 too",
        "line 8: has 1 cells where the header has 7",
    ]
    assert not UnitCost.objects.exists()


def test_a_sku_of_two_suppliers_asks_for_one(load, record):
    other = Partner.objects.create(name="Other", code="other")
    twin = StockRecord.objects.create(
        partner=other, product=record.product, partner_sku=record.partner_sku, price_currency="GBP"
    )

    assert "is the SKU of several suppliers" in str(load(HEADER, f"{record.partner_sku},EUR,4,,,,").refusals[0])
    assert tally(load("sku,supplier,currency,purchase", f"{record.partner_sku},other,EUR,4")) == (1, 0, [])
    assert UnitCost.objects.get().stockrecord == twin


def test_a_workbook_and_decimal_commas_are_read(load, record, tmp_path):
    book = openpyxl.Workbook()
    for row in (["SKU", "Currency", "Purchase"], [record.partner_sku, "EUR", 4.5]):
        book.active.append(row)
    book.save(tmp_path / "costs.xlsx")

    assert tally(import_costs(tmp_path / "costs.xlsx", name="costs.xlsx", by=None)) == (1, 0, [])
    assert tally(load("sku;currency;purchase", f"{record.partner_sku};EUR;4,50", decimal_mark=",")) == (0, 1, [])


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("sku,purchase", "there is no column currency"),
        (f"{HEADER},colour", 'there is no use for the column "colour"'),
        (f"{HEADER},Duty", "there is a column more than once"),
    ],
)
def test_a_file_of_other_columns_is_refused_as_a_whole(load, header, why):
    with pytest.raises(FileRefused, match=why):
        load(header, "A,EUR,1")


def test_many_rows_take_as_many_queries_as_few(load, aurora_store):
    taken = []
    for number in (2, 20):
        skus = [a_product("Cup").stockrecords.get().partner_sku for _ in range(number)]
        with counted_queries() as queries:
            load("sku,currency,purchase", *(f"{sku},EUR,4" for sku in skus))
        taken.append(len(queries))

    assert taken[0] == taken[1]


# The command and the pages


def test_the_command_notes_costs_or_says_why_not(aurora, lumen, record, tmp_path):
    path, out = tmp_path / "costs.csv", io.StringIO()
    path.write_text(f"sku,currency,purchase\n{record.partner_sku},EUR,4\n")

    with pytest.raises(CommandError, match="Say by --merchant"):
        call_command("import_costs", str(path))
    call_command("import_costs", str(path), merchant="aurora", dry_run=True, stdout=out)
    assert "Nothing was noted: this was a dry run." in out.getvalue()
    call_command("import_costs", str(path), merchant="aurora", stdout=out)
    assert UnitCost.objects.get().purchase == 4
    path.write_text("sku,currency,purchase\nNOPE,EUR,4\n")
    with pytest.raises(CommandError, match="mend the refused rows"):
        call_command("import_costs", str(path), merchant="aurora", stdout=out, stderr=out)
    assert "line 2, sku: is no SKU of a supplier" in out.getvalue()


@pytest.fixture
def browser(aurora_store):
    def browser(role: Role) -> Client:
        user = User.objects.create_user(f"{role}@aurora.example", "a long password")
        grant_role(user, role, by=None)
        client = Client(headers={"host": "aurora.example"})
        client.force_login(user)
        return client

    return browser


def sent(lines: str, **fields: object) -> dict[str, object]:
    return {"file": SimpleUploadedFile("costs.csv", lines.encode()), "decimal_mark": "."} | fields


def test_an_owner_checks_a_file_and_notes_it_and_an_analyst_sees_it(browser, record):
    owner, lines = browser(Role.OWNER), f"sku,currency,purchase,freight\n{record.partner_sku},EUR,4,0.5\n"

    page = owner.post("/dashboard/costs/import/", sent(lines, is_rehearsal="on")).content.decode()
    assert "nothing was written yet" in page
    assert "1 new, 0 unchanged, 0 refused." in page
    assert not UnitCost.objects.exists()
    assert "Written" in owner.post("/dashboard/costs/import/", sent(lines)).content.decode()
    assert "NOPE" not in owner.post("/dashboard/costs/import/", sent("sku\nNOPE\n")).content.decode()

    analyst = browser(Role.ANALYST)
    page = analyst.get("/dashboard/costs/").content.decode()
    assert "<strong>4.5000</strong> EUR" in page
    assert "/dashboard/costs/import/" not in page
    assert list(analyst.get("/dashboard/costs/?q=teapot").context["costs"]) == []
    assert len(analyst.get(f"/dashboard/costs/?q={record.partner_sku}").context["costs"]) == 1
    assert analyst.get("/dashboard/costs/?q=%00").status_code == 200


def test_a_heading_that_is_no_text_is_shown_as_what_it_is(browser, record):
    file = SimpleUploadedFile("costs.csv", b"sku,currency,purchase,\xff\nA,EUR,1,\n")

    page = browser(Role.OWNER).post("/dashboard/costs/import/", {"file": file, "decimal_mark": "."})

    assert page.status_code == 200
    assert "there is no use for the column &quot;\\udcff&quot;" in page.content.decode()


# The stranger


def test_the_skus_of_another_merchant_are_nobody_s(load, record, lumen):
    with merchant_scope(lumen.pk):
        theirs = a_product("Lamp").stockrecords.get().partner_sku

    assert tally(load(HEADER, f"{theirs},EUR,4,,,,"))[2] == ["line 2, sku: is no SKU of a supplier"]
    load(HEADER, f"{record.partner_sku},EUR,4,,,,")
    with merchant_scope(lumen.pk):
        assert not UnitCost.objects.exists()

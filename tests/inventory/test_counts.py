"""Counts from files: shown before they are signed, and all of a file or nothing of it."""

from io import StringIO

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from shop.audit.models import AuditEntry
from shop.imports.errors import FileRefused
from shop.inventory.actions import allocate, consume
from shop.inventory.actions.counts import sign_count, withdraw_count
from shop.inventory.actions.movements import book
from shop.inventory.counts import read_counts
from shop.inventory.errors import NotThere, StockRefused
from shop.inventory.models import Cause, Location, StockCount, StockMovement
from shop.stores.scope import merchant_scope
from tests.goods import a_product
from tests.inventory.stocked import a_location, adds_up, levels_of, lines_of, movements_of, stock_of
from tests.queries import counted_queries
from tests.trade import a_buyer

pytestmark = [pytest.mark.django_db, pytest.mark.data]


@pytest.fixture
def read(tmp_path, aurora_store):
    def read(*lines, **fields):
        path = tmp_path / "counts.csv"
        path.write_text("\n".join(lines) + "\n")
        return read_counts(path, name="counts.csv", by=None, **fields)

    return read


def sku(product):
    return product.stockrecords.get().partner_sku


def diff(report):
    return [(each.file_line, each.expected, each.counted, str(each)) for each in report.differences]


def test_a_file_moves_nothing_before_it_is_signed_and_then_every_difference(read):
    cup, plate, bowl = a_product("Cup"), a_product("Plate"), a_product("Bowl")
    clerk = a_buyer("clerk@example.com")

    report = read("sku,count", f"{sku(cup)},7", f"{sku(plate)},10", f"{sku(bowl)},12")

    assert diff(report) == [(2, 10, 7, "-3"), (4, 10, 12, "+2")]
    assert (report.rows, report.unchanged, report.refusals) == (3, 1, [])
    assert (stock_of(cup), movements_of(cup)) == ((10, 0), [("count", "main", 10)])

    count = sign_count(report.count, by=clerk)

    assert (stock_of(cup), stock_of(plate), stock_of(bowl)) == ((7, 0), (10, 0), (12, 0))
    movement = StockMovement.objects.filter(stockrecord__product=cup).latest("pk")
    assert (movement.cause, movement.quantity, movement.by, movement.reference) == ("count", -3, clerk, "counts.csv")
    assert (count.signed_by, count.is_open) == (clerk, False)
    assert AuditEntry.objects.get(action="stock.count_signed").details == {"differences": 2, "pieces": -1}
    assert adds_up()


def test_what_is_sold_between_the_count_and_its_signature_stays_sold(read, aurora_store):
    cup = a_product("Cup")
    count = read("sku,count", f"{sku(cup)},8").count
    lines = lines_of(aurora_store, (cup, 3))
    allocate(lines)
    consume(lines)

    sign_count(count, by=None)

    assert stock_of(cup) == (5, 0)
    assert adds_up()


def test_a_location_is_named_where_there_are_several(read):
    cup = a_product("Cup")
    book(cup.stockrecords.get(), a_location("shop"), 4, cause=Cause.RECEIPT, by=None)
    Location.objects.create(name="Attic", code="attic", is_active=False)

    refused = read("sku,location,count", f"{sku(cup)},,9", f"{sku(cup)},attic,1", f"{sku(cup)},shop,5")
    assert [str(refusal) for refusal in refused.refusals] == [
        "line 2, location: is missing: there are several",
        "line 3, location: is no code of a location",
    ]
    assert (refused.count, StockCount.objects.count()) == (None, 0)

    sign_count(read("sku,location,count", f"{sku(cup)},main,9", f"{sku(cup)},shop,5").count, by=None)
    assert levels_of(cup) == {"main": (9, 0), "shop": (5, 0)}


def test_each_refused_row_is_named_with_its_line_and_reason_and_keeps_all_others_out(read):
    cup = a_product("Cup")

    report = read(
        "SKU,Count,Title",
        f"{sku(cup)},7,Cup",
        f"{sku(cup)},8,Cup",
        "nothing,1,",
        f"{sku(cup)},-1,",
        f"{sku(cup)},2.5,",
        f"{sku(cup)},99999999,",
        ",3,",
    )

    assert [str(refusal) for refusal in report.refusals] == [
        "line 3, sku: stands in line 2 too",
        "line 4, sku: is no SKU of a supplier",
        "line 5, count: is not a number of pieces such as 12",
        "line 6, count: is not a number of pieces such as 12",
        "line 7, count: is not a number of pieces such as 12",
        "line 8, sku: is missing",
    ]
    assert not StockCount.objects.exists()
    assert stock_of(cup) == (10, 0)


@pytest.mark.parametrize("header", ["sku", "sku,count,colour", "sku,count,count"])
def test_a_file_of_something_else_is_refused(read, header):
    with pytest.raises(FileRefused):
        read(header, "1,2,3")

    assert not StockCount.objects.exists()


def test_a_workbook_is_read_as_well(tmp_path, aurora_store):
    cup, book_ = a_product("Cup"), openpyxl.Workbook()
    for row in (["sku", "count"], [sku(cup), 3]):
        book_.active.append(row)
    book_.save(tmp_path / "counts.xlsx")

    report = read_counts(tmp_path / "counts.xlsx", name="counts.xlsx", by=None)

    assert diff(report) == [(2, 10, 3, "-7")]


def test_a_count_that_would_leave_less_than_nothing_moves_nothing(read, aurora_store):
    cup, plate = a_product("Cup"), a_product("Plate")
    count = read("sku,count", f"{sku(cup)},2", f"{sku(plate)},9").count
    lines = lines_of(aurora_store, (cup, 5))
    allocate(lines)
    consume(lines)

    with pytest.raises(NotThere):
        sign_count(count, by=None)

    assert (stock_of(cup), stock_of(plate)) == ((5, 0), (10, 0))
    assert StockCount.objects.get().is_open
    assert adds_up()


def test_a_count_is_signed_once_and_a_withdrawn_one_never(read):
    cup = a_product("Cup")
    signed, withdrawn = read("sku,count", f"{sku(cup)},7").count, read("sku,count", f"{sku(cup)},1").count
    sign_count(signed, by=None)
    withdraw_count(withdrawn, by=None)

    for count in (signed, withdrawn):
        with pytest.raises(StockRefused):
            sign_count(count, by=None)

    assert stock_of(cup) == (7, 0)


def test_many_rows_take_as_many_statements_as_few(read):
    def rows(n):
        return [f"{sku(a_product(f'Cup {n}-{k}'))},3" for k in range(n)]

    few, many = rows(2), rows(50)
    with counted_queries() as for_few:
        sign_count(read("sku,count", *few).count, by=None)
    with counted_queries() as for_many:
        sign_count(read("sku,count", *many).count, by=None)

    assert len(for_many) == len(for_few)


def test_the_command_says_what_would_move_moves_it_and_fails_with_what_it_refuses(tmp_path, aurora_store):
    cup, path, out = a_product("Cup"), tmp_path / "counts.csv", StringIO()
    path.write_text(f"sku,count\n{sku(cup)},7\n")

    call_command("import_counts", str(path), merchant="aurora", dry_run=True, stdout=out)
    assert f"{sku(cup)} at main: 10 -> 7 (-3)" in out.getvalue()
    assert stock_of(cup) == (10, 0)

    call_command("import_counts", str(path), merchant="aurora", stdout=StringIO())
    assert stock_of(cup) == (7, 0)

    path.write_text("sku,count\nnothing,7\n")
    with pytest.raises(CommandError) as refused:
        call_command("import_counts", str(path), merchant="aurora", stdout=StringIO(), stderr=StringIO())
    assert refused.value.returncode == 3


def test_the_other_merchant_counts_nothing_of_this_one(read, lumen):
    cup = a_product("Cup")
    count, number = read("sku,count", f"{sku(cup)},7").count, sku(cup)

    with merchant_scope(lumen.pk):
        assert [str(refusal) for refusal in read("sku,count", f"{number},7").refusals] == [
            "line 2, sku: is no SKU of a supplier"
        ]
        with pytest.raises(StockCount.DoesNotExist):
            sign_count(count, by=None)

    assert stock_of(cup) == (10, 0)

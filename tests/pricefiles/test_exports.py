"""Lists and differences as files: what is written can be read again, and changes nothing."""

import csv
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import NamedTemporaryFile

import openpyxl
import pytest
from django.utils import timezone

from shop.catalogue.models import Category
from shop.pricefiles import actions, exports
from shop.pricefiles.errors import PriceFileRefused
from shop.pricefiles.states import Mode
from shop.pricing.actions import publish_changes
from shop.pricing.changes import DropTier, SetTier, Target
from shop.pricing.levels import TierKind
from shop.pricing.models import PriceList
from shop.stores.scope import merchant_scope
from tests.goods import a_parent, a_product
from tests.pricing.trade import set_prices
from tests.queries import counted_queries

from .files import HEADER, counts, publish, refusals, send, sku

pytestmark = [pytest.mark.django_db, pytest.mark.data]

D = Decimal
NEW_YEAR = datetime(2027, 1, 1, tzinfo=UTC)


def as_csv(price_list: PriceList, **fields: object) -> bytes:
    with NamedTemporaryFile() as file:
        exports.write_list_csv(price_list, Path(file.name), **fields)
        return file.read()


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def read_again(price_list: PriceList, content: bytes):
    return actions.compare(actions.receive(price_list, [content], name="again", by=None, mode=Mode.REPLACE))


@pytest.fixture
def full(trade, cup) -> PriceList:
    """A list with all that there is: windows, floors, kinds, categories, goods without a number, and a formula."""
    shirt = a_parent("Shirt", variants={"S": "10"}, code="SHIRT")
    bare, evil = a_product("Bare", price=None, upc=None), a_product("=cmd|' /C calc'!A1")
    evil.stockrecords.update(partner_sku="=1+1")
    home = Category.add_root(name="Home")
    light = home.add_child(name="Light  and dark")
    twins = [home.add_child(name="Twin", slug=f"twin-{n}") for n in range(2)]
    at = [
        SetTier(Target(product_id=cup.pk), D("9.5")),
        SetTier(Target(product_id=cup.pk), D("8.1234"), 10, floor=D("2")),
        SetTier(Target(product_id=shirt.pk), D("5"), 1, TierKind.PERCENT, D("3.5")),
        SetTier(Target(product_id=bare.pk), D("1")),
        SetTier(Target(product_id=evil.pk), D("2"), 3),
        SetTier(Target(product_id=shirt.children.get().pk), D("7"), valid_until=NEW_YEAR),
        SetTier(
            Target(product_id=shirt.children.get().pk),
            D("6"),
            valid_from=NEW_YEAR,
            valid_until=NEW_YEAR + timedelta(days=3, microseconds=1),
        ),
        SetTier(Target(category_id=light.pk), D("5"), 1, TierKind.AMOUNT),
        *(SetTier(Target(category_id=twin.pk), D("5"), 1, TierKind.PERCENT) for twin in twins),
    ]
    publish_changes(trade, at, by=None)
    return trade


def test_a_list_is_written_as_files_of_prices_are_read(full, cup):
    rows = {
        (row["sku"] or row["category"], row["from_quantity"], row["valid_from"]): row for row in rows_of(as_csv(full))
    }

    own = rows[sku(cup), "10", ""]
    assert (own["title"], own["kind"], own["value"], own["floor"], own["currency"]) == (
        *("Cup", "fixed", "8.1234", "2.00"),
        "GBP",
    )
    assert rows["'=1+1", "3", ""]["title"] == "'=cmd|' /C calc'!A1"
    assert rows["SHIRT", "1", ""]["kind"] == "percent"
    assert rows["Home > Light and dark", "1", ""]["kind"] == "amount"
    windows = {(row["valid_from"], row["valid_until"]) for row in rows.values() if row["title"] == "Shirt, S"}
    assert windows == {("", "2026-12-31"), ("2027-01-01", "2027-01-04T00:00:00.000001Z")}


def test_a_list_that_is_read_again_changes_nothing(full, tmp_path: Path):
    again = read_again(full, as_csv(full))
    assert (counts(again), refusals(again)) == ((0, 0, 0, 10, 0), [])

    exports.write_list_xlsx(full, tmp_path / "list.xlsx")
    again = read_again(full, (tmp_path / "list.xlsx").read_bytes())
    assert (counts(again), refusals(again)) == ((0, 0, 0, 10, 0), [])


def test_a_list_is_written_as_it_was_at_a_moment(trade, cup):
    set_prices(trade, cup, "1:9")
    then = timezone.now()
    set_prices(trade, cup, "1:8")

    assert [row["value"] for row in rows_of(as_csv(trade))] == ["8.00"]
    assert [row["value"] for row in rows_of(as_csv(trade, moment=then))] == ["9.00"]
    assert rows_of(as_csv(trade, moment=then - timedelta(days=1))) == []


def test_an_empty_workbook_has_its_columns(trade, tmp_path):
    exports.write_list_xlsx(trade, tmp_path / "list.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").active
    assert [cell.value for cell in sheet[1]] == list(exports.LIST_COLUMNS)


def test_a_list_that_is_too_long_for_a_workbook_is_said_to_be(trade, cup, tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "MOST_IN_A_WORKBOOK", 1)
    set_prices(trade, cup, "1:9", "10:8")

    with pytest.raises(PriceFileRefused, match="take CSV"):
        exports.write_list_xlsx(trade, tmp_path / "list.xlsx")


def test_what_a_workbook_takes_is_counted_at_the_moment_that_is_asked_for(trade, cup, tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "MOST_IN_A_WORKBOOK", 1)
    set_prices(trade, cup, "1:9", "10:8")
    then = timezone.now()
    publish_changes(trade, [DropTier(Target(product_id=cup.pk), 10)], by=None)

    exports.write_list_xlsx(trade, tmp_path / "now.xlsx")
    with pytest.raises(PriceFileRefused, match="take CSV"):
        exports.write_list_xlsx(trade, tmp_path / "then.xlsx", moment=then)


def test_a_title_with_control_characters_loses_them_in_a_workbook(trade, cup, tmp_path):
    type(cup).objects.filter(pk=cup.pk).update(title="Cup\x0bof\x01tea")
    set_prices(trade, cup, "1:9")

    exports.write_list_xlsx(trade, tmp_path / "list.xlsx")

    assert openpyxl.load_workbook(tmp_path / "list.xlsx").active["C2"].value == "Cupoftea"


def test_what_a_file_would_change_is_a_file_too(trade, cup, pot, tmp_path):
    set_prices(trade, cup, "1:9")
    sent = send(trade, HEADER, f"{sku(cup)},1,8.10", f"{sku(pot)},1,5", "NOPE,1,1")

    exports.write_differences(sent, tmp_path / "differences.csv")

    rows = {row["name"]: row for row in rows_of((tmp_path / "differences.csv").read_bytes())}
    changed = rows[sku(cup)]
    assert (changed["outcome"], changed["old_value"], changed["value"], changed["per_cent"]) == (
        *("changed", "9.00", "8.10"),
        "-10.0",
    )
    assert (rows[sku(pot)]["outcome"], len(rows)) == ("added", 2)


def test_refused_rows_come_back_to_be_mended(trade, cup, pot, tmp_path):
    sent = send(trade, "sku;from_quantity;value;title", f"{sku(cup)};1;9;Cup", f"{sku(pot)};0;-5;Pot", "=X;1;5;")

    exports.write_refused_rows(sent, tmp_path / "refused.csv")

    lines = (tmp_path / "refused.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "sku;from_quantity;value;title;reason"
    assert lines[1] == (
        f"{sku(pot)};0;'-5;Pot;from_quantity: A price needs a quantity of at least one piece. "
        "value: A price must not be negative."
    )
    assert lines[2] == "'=X;1;5;;sku: There is no such product or category."
    mended = [line.replace(";0;'-5;", ";1;5;") for line in lines[:2]]
    assert counts(publish(send(trade, *mended))) == (1, 0, 0, 0, 0)


def test_a_list_is_written_in_as_many_queries_whatever_its_length(trade):
    taken = []
    for number in (2, 30):
        for n in range(number):
            set_prices(trade, a_product(f"Cup {n}"), "1:5")
        with counted_queries() as queries:
            as_csv(trade)
        taken.append(len(queries))

    assert taken[0] == taken[1]


# The stranger


def test_another_merchant_s_list_is_empty_to_a_stranger(full, lumen):
    with merchant_scope(lumen.pk):
        assert rows_of(as_csv(full)) == []

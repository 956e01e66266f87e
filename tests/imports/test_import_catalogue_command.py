from decimal import Decimal
from io import StringIO
from math import inf
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from oscar.core.loading import get_model

from shop.imports.management.commands import import_catalogue
from shop.imports.management.commands.import_catalogue import NOTHING_LOADED, REST_LOADED
from shop.listings.models import Listing
from shop.stores.actions import NewStore, open_store
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope

Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
StockRecord = get_model("partner", "StockRecord")

pytestmark = pytest.mark.data


@pytest.fixture(autouse=True)
def _no_signs_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is."""
    monkeypatch.setattr(import_catalogue, "SECONDS_BETWEEN_SIGNS_OF_LIFE", inf)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "c.csv", "sku,title,price,category", "A1,Cup,2.50,Home", "A2,Mug,3,Home > Kitchen")


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines))
    return path


def run(file: Path, *options: str, store: str = "aurora.example") -> tuple[str, str]:
    """What the command writes to its two outputs."""
    out, err = StringIO(), StringIO()
    call_command("import_catalogue", str(file), "--store", store, *options, stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def failure(file: Path, *options: str, store: str = "aurora.example") -> CommandError:
    with pytest.raises(CommandError) as error:
        run(file, *options, store=store)
    return error.value


def titles(merchant: Merchant) -> list[str]:
    with merchant_scope(merchant.pk):
        return sorted(Product.objects.values_list("title", flat=True))


@pytest.mark.parametrize("store", ["aurora.example", "AURORA.example", "aurora"])
def test_a_store_is_named_by_its_host_or_its_short_name(aurora, lumen, file, store):
    out, err = run(file, store=store)

    assert out.splitlines() == [
        f"{file} into Aurora (prices in GBP without tax)",
        "          2 rows",
        "          2 added",
        "          0 changed",
        "          0 unchanged",
        "          0 refused",
        "New categories: Home; Home > Kitchen",
        "New product types: General",
    ]
    assert err == ""
    assert titles(aurora) == ["Cup", "Mug"]
    assert titles(lumen) == []
    with merchant_scope(aurora.pk):
        assert Listing.objects.filter(store__slug="aurora").count() == 2


def test_the_second_run_says_that_nothing_is_new(aurora, file):
    run(file)

    out, _ = run(file)

    assert out.splitlines()[1:] == [
        "          2 rows",
        "          0 added",
        "          0 changed",
        "          2 unchanged",
        "          0 refused",
    ]


def test_of_many_new_categories_some_are_named(aurora, tmp_path):
    lines = [f"A{n},Cup,1,Group {n}" for n in range(30)]

    out, _ = run(write(tmp_path / "c.csv", "sku,title,price,category", *lines))

    assert "New categories: Group 0; Group 1; " in out
    assert out.splitlines()[-2].endswith("; Group 24; and 5 more")


def test_a_long_import_shows_signs_of_life(aurora, file, monkeypatch):
    monkeypatch.setattr(import_catalogue, "SECONDS_BETWEEN_SIGNS_OF_LIFE", 0)

    out, _ = run(file)

    assert out.splitlines()[1:3] == ["  2 rows compared", "  2 rows written"]


def test_changes_are_counted_by_column(aurora, file, tmp_path):
    run(file)

    out, _ = run(write(tmp_path / "d.csv", "sku,title,price", "A1,Cup,9", "A2,Big mug,9"))

    assert "          2 changed (price 2, title 1)" in out.splitlines()


def test_a_dry_run_writes_nothing_not_even_a_partner(aurora, file):
    out, _ = run(file, "--dry-run")

    assert "          2 added" in out.splitlines()
    assert titles(aurora) == []
    with merchant_scope(aurora.pk):
        assert not Partner.objects.exists()


def test_refused_rows_are_listed_and_nothing_is_loaded(aurora, tmp_path):
    file = write(tmp_path / "c.csv", "sku,title,price", "A1,Cup,0", "A2,,x", "A3,Jar,3")
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError) as error:
        call_command("import_catalogue", str(file), "--store", "aurora", stdout=out, stderr=err, no_color=True)

    assert err.getvalue().splitlines() == [
        "line 2, price: is zero",
        'line 3, price: "x" is not a number such as 1234.50',
        "line 3, title: is missing",
    ]
    assert str(error.value) == "Rows refused: 2. Nothing was loaded: mend them, or load the rest by --skip-refused."
    assert error.value.returncode == NOTHING_LOADED
    assert titles(aurora) == []


def test_refused_rows_are_listed_in_a_dry_run_too(aurora, tmp_path):
    file = write(tmp_path / "c.csv", "sku,title,price", "A1,Cup,0", "A3,Jar,3")

    error = failure(file, "--dry-run", "--skip-refused", str(tmp_path / "refused.csv"))

    assert str(error) == "Rows refused: 1. Nothing was loaded: this was a dry run."
    assert error.returncode == NOTHING_LOADED
    assert not (tmp_path / "refused.csv").exists()


def test_the_rest_is_loaded_and_the_refused_rows_are_written_when_told_so(aurora, tmp_path):
    file = write(tmp_path / "c.csv", "sku,title,price", "A1,Cup,0", "A3,Jar,3")

    with pytest.raises(SystemExit) as ended:
        run(file, "--skip-refused", str(tmp_path / "refused.csv"))

    assert ended.value.code == REST_LOADED
    assert titles(aurora) == ["Jar"]
    assert (tmp_path / "refused.csv").read_text(encoding="utf-8-sig").splitlines() == [
        "sku,title,price,reason",
        "A1,Cup,0,price: is zero",
    ]


def test_a_file_for_refused_rows_that_is_there_already_is_not_written_over(aurora, file, tmp_path):
    taken = write(tmp_path / "refused.csv", "mine")

    error = failure(file, "--skip-refused", str(taken))

    assert str(error) == f"{taken} is there already: name a new file for the refused rows."
    assert taken.read_text() == "mine"
    assert titles(aurora) == []


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (["sku,title", "A1,Cup"], 'there is no column "price"; the columns found are "sku", "title"'),
        (
            ["sku,title,price", 'A1,"Cup,1', "A2,Mug,2"],
            "line 2: a quote opens in this row and isn't closed where it should be",
        ),
        ([], "the file is empty"),
    ],
)
def test_a_file_that_is_no_catalogue_is_refused_whole(aurora, tmp_path, lines, reason):
    file = write(tmp_path / "c.csv", *lines)

    error = failure(file, "--skip-refused", str(tmp_path / "refused.csv"))

    assert str(error) == f"{file}: {reason}. Nothing was loaded."
    assert error.returncode == 1
    assert not (tmp_path / "refused.csv").exists()
    assert titles(aurora) == []


@pytest.mark.parametrize("store", ["nowhere.example", "nowhere", "platform.localhost"])
def test_an_unknown_store_is_said_to_be_unknown(aurora, file, store):
    assert str(failure(file, store=store)) == f"No store has the host or the short name {store}."


def test_a_short_name_of_two_merchants_stores_is_not_guessed(aurora, lumen, file):
    with merchant_scope(lumen.pk):
        open_store(NewStore(name="Other", slug="aurora", host="other.example"))

    assert str(failure(file, store="aurora")) == "Several merchants have a store called aurora: name it by its host."
    assert titles(aurora) == titles(lumen) == []


def test_the_only_partner_supplies_the_products_and_of_several_one_must_be_named(aurora, file):
    with merchant_scope(aurora.pk):
        north = Partner.objects.create(name="North")
    run(file)
    with merchant_scope(aurora.pk):
        assert {record.partner_id for record in StockRecord.objects.all()} == {north.pk}
        Partner.objects.create(name="South")

    assert str(failure(file)) == "Say by --partner who supplies the products: north, south."
    assert str(failure(file, "--partner", "east")) == "Say by --partner who supplies the products: north, south."
    assert "          2 added" in run(file, "--partner", "south")[0].splitlines()


def test_a_merchant_without_partners_gets_one_of_its_own_name(aurora, file):
    run(file)

    with merchant_scope(aurora.pk):
        assert Partner.objects.get().name == "Aurora"


def test_prices_columns_and_types_can_be_read_otherwise(aurora, tmp_path):
    file = write(tmp_path / "c.csv", "sku;title;price;shelf;room", "A1;Cup;2,55;4;5")

    run(file, "--decimal-comma", "--ignore-columns", "Shelf,room", "--product-type", "Giftware")

    with merchant_scope(aurora.pk):
        assert StockRecord.objects.get().price == Decimal("2.55")
        assert Product.objects.get().product_class.name == "Giftware"


def test_prices_with_tax_are_kept_without(aurora, tmp_path):
    with merchant_scope(aurora.pk):
        Store.objects.update(tax_rate=Decimal("0.2"))

    out, _ = run(write(tmp_path / "c.csv", "sku,title,price", "A1,Cup,9.99"), "--prices-include-tax")

    assert "(prices in GBP with 20.00% tax)" in out
    with merchant_scope(aurora.pk):
        assert StockRecord.objects.get().price == Decimal("8.3250")


def test_a_file_that_clashes_with_what_another_wrote_meanwhile_loads_nothing(aurora, file, monkeypatch):
    """The rival's product stands where the import has looked already and not yet written."""
    from shop.imports import writing

    def rival_first(missing, frame, *, tracks_stock, make=writing.make):
        make(missing, frame, tracks_stock=tracks_stock)
        partner = Partner.objects.get()
        product = Product.objects.create(title="Rival", product_class_id=next(iter(frame.types.values())))
        StockRecord.objects.create(product=product, partner=partner, partner_sku="A2", price_currency="GBP", price=1)

    monkeypatch.setattr(writing, "make", rival_first)

    error = failure(file)

    assert str(error).startswith("The catalogue changed meanwhile (")
    assert titles(aurora) == []
    assert connection.needs_rollback is False

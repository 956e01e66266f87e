"""Files that were not written by us. They lie beside the project, not in it; where they don't, these tests skip."""

import csv
import gzip
import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from oscar.core.loading import get_model

from bench import online_retail
from bench.online_retail import SHARED_DATA
from shop.imports.actions import Report, Wishes, import_catalogue
from shop.imports.reading import open_catalogue
from shop.imports.rows import ProductRow, RefusedRow
from shop.imports.rules import Limits
from shop.listings.models import Listing
from shop.order.models import Order
from tests.checkout.shopper import Shopper
from tests.trade import open_for_trade

Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

ORDER_BOOK = online_retail.SOURCE
MAGENTO = SHARED_DATA / "magento_luma_products.csv.gz"
ICECAT = SHARED_DATA / "icecat_open_sample"


def needs(path: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not path.exists(), reason=f"{path} is not there (STOA_SHARED_DATA names its folder)")


def understood(path: Path, *, ignored: Iterable[str] = ()) -> list[ProductRow | RefusedRow]:
    with open_catalogue(path, limits=Limits(), ignored=[*ignored]) as (_, rows):
        return list(rows)


@pytest.fixture(scope="module")
def giftware(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogue of a real wholesaler, as the command derives it."""
    path = tmp_path_factory.mktemp("real") / "giftware.csv"
    online_retail.main([str(path)])
    return path


@needs(ORDER_BOOK)
def test_a_wholesalers_catalogue_is_derived_from_a_year_of_orders():
    catalogue = online_retail.derive(ORDER_BOOK)

    assert catalogue.rows_read == 541_909
    assert len(catalogue.products) + len(catalogue.dropped) == 3_958
    assert len(catalogue.products) == 3_795
    assert sorted(catalogue.dropped.values()).count("never sold at a price") == 144
    holder = next(product for product in catalogue.products if product.sku == "85123A")
    assert (holder.title, holder.price) == ("WHITE HANGING HEART T-LIGHT HOLDER", Decimal("2.95"))
    assert holder.category == "Home > Light"


@needs(ORDER_BOOK)
def test_every_row_of_a_wholesalers_catalogue_is_understood(giftware):
    rows = understood(giftware)

    assert len(rows) == 3_795
    assert [row for row in rows if not isinstance(row, ProductRow)] == []
    assert len({row.sku for row in rows}) == 3_795


@needs(ORDER_BOOK)
@pytest.mark.data
def test_a_wholesalers_catalogue_is_loaded_and_only_once(giftware, aurora_store):
    wishes = Wishes(Partner.objects.create(name="Warehouse").pk)

    def load() -> Report:
        return import_catalogue(giftware, store=aurora_store, wishes=wishes, progress=lambda doing, count: None)

    first, second = load(), load()

    assert (first.tally.added, first.tally.changed, first.refused) == (3_795, 0, 0)
    assert (second.tally.added, second.tally.changed, second.refused) == (0, 0, 0)
    assert Product.objects.count() == Listing.objects.filter(store=aurora_store).count() == 3_795
    holder = Product.objects.get(stockrecords__partner_sku="85123A")
    assert holder.stockrecords.get().price == Decimal("2.95")
    assert str(holder.categories.get()) == "Home > Light"


@needs(ORDER_BOOK)
@pytest.mark.data
def test_the_store_lists_finds_and_sells_what_was_loaded(giftware, aurora_store):
    wishes = Wishes(Partner.objects.create(name="Warehouse").pk)
    import_catalogue(giftware, store=aurora_store, wishes=wishes, progress=lambda doing, count: None)
    shopper = Shopper(open_for_trade(aurora_store))

    listed = shopper.client.get("/catalogue/").content.decode()
    found = shopper.client.get("/search/", {"q": "hanging heart holder"}).content.decode()
    holder = Product.objects.get(stockrecords__partner_sku="85123A")
    shopper.walk_to_preview(holder)
    shopper.place()

    assert "3795 products" in listed
    assert found.index(holder.get_absolute_url()) > 0
    order = Order.objects.get()
    assert [(line.partner_sku, line.title, line.line_price_excl_tax) for line in order.lines.all()] == [
        ("85123A", "WHITE HANGING HEART T-LIGHT HOLDER", Decimal("2.95"))
    ]


@needs(ORDER_BOOK)
@pytest.mark.data
def test_what_the_wholesaler_never_priced_is_refused_and_the_rest_is_loaded(giftware, aurora_store, tmp_path):
    unpriced = [sku for sku, reason in online_retail.derive(ORDER_BOOK).dropped.items() if reason.startswith("never")]
    path = tmp_path / "giftware.csv"
    path.write_text(giftware.read_text() + "".join(f"{sku},NO NAME,0.00,\n" for sku in unpriced))
    wishes = Wishes(Partner.objects.create(name="Warehouse").pk, refused_to=tmp_path / "refused.csv")

    report = import_catalogue(path, store=aurora_store, wishes=wishes, progress=lambda doing, count: None)

    assert (report.rows, report.refused, report.tally.added) == (3_939, 144, 3_795)
    assert len((tmp_path / "refused.csv").read_text().splitlines()) == 145


@needs(MAGENTO)
@pytest.mark.data
def test_another_shops_variants_hang_below_their_parents(aurora_store, tmp_path):
    path = tmp_path / "magento.csv"
    write_magento(path)
    wishes = Wishes(Partner.objects.create(name="Warehouse").pk, refused_to=tmp_path / "refused.csv")

    report = import_catalogue(path, store=aurora_store, wishes=wishes, progress=lambda doing, count: None)

    assert report.refused == 0
    assert Product.objects.filter(structure="parent").count() == 147
    assert Product.objects.filter(structure="child").count() == 1_847
    assert Listing.objects.filter(store=aurora_store).count() == 147
    assert Product.objects.get(code="MH01").children.count() == 15


@needs(MAGENTO)
def test_another_shops_export_is_read_with_its_line_breaks_and_seventy_columns(tmp_path):
    text = gzip.decompress(MAGENTO.read_bytes()).decode()
    path = tmp_path / "magento.csv"
    path.write_text(text.replace(",name,", ",title,", 1).replace(",qty,", ",stock,", 1), newline="")

    rows = understood(path, ignored=["*"])

    products = [row for row in rows if isinstance(row, ProductRow)]
    refused = [row for row in rows if not isinstance(row, ProductRow)]
    assert len(rows) == 1_994
    assert refused == []
    assert sum("\n" in row.description for row in products) > 1_000
    assert path.read_text().splitlines()[products[-1].line - 1].startswith(products[-1].sku)


@needs(ICECAT)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_long_descriptions_of_electronics_survive_the_way_through_a_file(tmp_path, kind):
    samples = [json.loads(line) for file in sorted(ICECAT.glob("*.ndjson")) for line in file.read_text().splitlines()]
    path = tmp_path / f"icecat.{kind}"
    write(
        path,
        [["sku", "title", "price", "description"]]
        + [[sample["id"], sample["title"], sample["price"], sample["description"]] for sample in samples],
    )

    rows = understood(path)

    assert [(row.sku, row.title, row.description) for row in rows] == [
        (sample["id"], " ".join(sample["title"].split()), sample["description"].strip()) for sample in samples
    ]
    assert [float(row.price) for row in rows] == [sample["price"] for sample in samples]
    assert len(rows) == 83


def write_magento(path: Path) -> None:
    """The export in our columns: variants name their parent, which in the export names its variants."""
    exported = list(csv.DictReader(gzip.decompress(MAGENTO.read_bytes()).decode().splitlines(keepends=True)))
    parents = {
        dict(pair.split("=", 1) for pair in variation.split(","))["sku"]: row["sku"]
        for row in exported
        for variation in filter(None, row["configurable_variations"].split("|"))
    }
    header = ["sku", "title", "price", "parent_sku", "category", "description", "stock", "attr:size", "attr:color"]
    rows: list[list[object]] = [header]
    for row in exported:
        attributes = dict(pair.split("=", 1) for pair in row["additional_attributes"].split(",") if "=" in pair)
        category = row["categories"].replace("Default Category/", "").replace("/", " > ")
        described = row["sku"], row["name"], row["price"], parents.get(row["sku"], ""), category.split(",")[0]
        rows.append([*described, row["description"], row["qty"], attributes.get("size"), attributes.get("color")])
    write(path, rows)


def write(path: Path, rows: list[list[object]]) -> None:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)

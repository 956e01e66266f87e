"""What a file makes of a catalogue. `aurora` is the merchant; `lumen` is the stranger."""

from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from oscar.core.loading import get_model

from shop.audit.models import AuditEntry
from shop.imports import staging
from shop.imports.actions import Report, Wishes, import_catalogue
from shop.imports.errors import FileRefused
from shop.imports.frame import Missing
from shop.imports.limits import limits_of_the_catalogue
from shop.imports.rules import Limits
from shop.listings.models import Listing
from shop.partner.strategy import Selector
from shop.stores.current import serving
from shop.stores.models import Merchant, Store
from shop.stores.scope import merchant_scope

AttributeOptionGroup = get_model("catalogue", "AttributeOptionGroup")
Category = get_model("catalogue", "Category")
Partner = get_model("partner", "Partner")
Product = get_model("catalogue", "Product")
ProductAttribute = get_model("catalogue", "ProductAttribute")
ProductClass = get_model("catalogue", "ProductClass")
StockRecord = get_model("partner", "StockRecord")

pytestmark = pytest.mark.data

Load = Callable[..., Report]


@pytest.fixture
def partner(aurora_store: Store) -> Partner:
    return Partner.objects.create(name="Warehouse")


@pytest.fixture
def load(aurora_store: Store, partner: Partner, tmp_path: Path) -> Load:
    """Load lines of CSV into aurora's store."""

    def load(*lines: str, **wishes: object) -> Report:
        path = tmp_path / "catalogue.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        return import_catalogue(
            path, store=aurora_store, wishes=Wishes(partner.pk, **wishes), progress=lambda doing, count: None
        )

    return load


def refused() -> list[str]:
    return [str(refusal) for refusal in staging.refusals()]


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.tally.added, report.tally.changed, report.tally.unchanged, report.refused


# Adding


def test_products_get_everything_that_their_rows_say(load, aurora_store, partner):
    report = load(
        "sku,title,price,description,category,product_type,stock,barcode,attr:colour",
        'A1,"Cup, large",2.50,<p>Big</p>,Home > Kitchen | Gifts,Giftware,12,5012345678900,Red',
    )

    product = Product.objects.get()
    record = product.stockrecords.get()
    assert counts(report) == (1, 0, 0, 0)
    assert report.is_loaded
    assert (product.structure, product.title, product.slug) == ("standalone", "Cup, large", "cup-large")
    assert (product.description, product.upc, product.is_public) == ("<p>Big</p>", "5012345678900", True)
    assert product.product_class.name == "Giftware"
    assert product.attr.colour == "Red"
    assert sorted(str(category) for category in product.categories.all()) == ["Gifts", "Home > Kitchen"]
    assert (record.partner, record.partner_sku, record.num_in_stock) == (partner, "A1", 12)
    assert (record.price, record.price_currency) == (Decimal("2.50"), aurora_store.currency)
    assert Listing.objects.filter(store=aurora_store, product=product).count() == 1


def test_what_is_imported_can_be_bought(load, aurora_store):
    load("sku,title,price", "A1,Cup,2.50")
    load("sku,title,price,product_type,stock", "A2,Mug,3,Shelved,5", "A3,Jar,3,Shelved,0")
    load("sku,title,price,parent_sku", "H,Hoodie,,", "H-S,S,52,H", "H-M,M,49,H")

    sold = {product.title: product for product in Product.objects.visible().for_store(aurora_store).listing()}

    with serving(aurora_store):
        offers = {title: Selector().strategy().fetch_for_product(sold[title]) for title in ("Cup", "Mug", "Jar")}
        hoodie = Selector().strategy().fetch_for_parent(sold["Hoodie"])
    prices = {title: offer.price.excl_tax for title, offer in offers.items()}
    assert prices == {"Cup": Decimal("2.5"), "Mug": 3, "Jar": 3}
    assert {title: offer.availability.is_available_to_buy for title, offer in offers.items()} == {
        "Cup": True,
        "Mug": True,
        "Jar": False,
    }
    assert (hoodie.price.excl_tax, hoodie.availability.is_available_to_buy) == (49, True)


def test_what_the_catalogue_hasnt_got_is_made_once_and_reported(load):
    report = load(
        "sku,title,price,category,product_type,attr:colour",
        "A1,Cup,1,Home > Kitchen,Giftware,Red",
        "A2,Mug,1,home > KITCHEN > Mugs,giftware,Blue",
        "A3,Jar,1,Gifts,,",
    )

    assert report.missing == Missing(
        categories=(("Home",), ("Home", "Kitchen"), ("home", "KITCHEN", "Mugs"), ("Gifts",)),
        types=("General", "Giftware"),
        attributes=(("Giftware", "colour"),),
    )
    assert [str(category) for category in Category.objects.order_by("path")] == [
        "Home",
        "Home > Kitchen",
        "Home > Kitchen > Mugs",
        "Gifts",
    ]
    assert [(a.product_class.name, a.code, a.name, a.type) for a in ProductAttribute.objects.all()] == [
        ("Giftware", "colour", "Colour", "text")
    ]
    assert Category.find_problems() == ([], [], [], [], [])


def test_a_new_type_counts_stock_only_if_the_file_does(load):
    load("sku,title,price,product_type", "A1,Cup,1,Made to order")
    load("sku,title,price,product_type,stock", "A2,Mug,1,Shelved,5")

    assert dict(ProductClass.objects.values_list("name", "track_stock")) == {"Made to order": False, "Shelved": True}


def test_existing_categories_types_and_attributes_are_used_whatever_their_capitals(load):
    Category.add_root(name="HOME")
    giftware = ProductClass.objects.create(name="Giftware")
    colour = ProductAttribute.objects.create(product_class=giftware, code="Colour", name="Colour", type="text")

    report = load("sku,title,price,category,product_type,attr:colour", "A1,Cup,1,Home,giftware,Red")

    product = Product.objects.get()
    assert report.missing == Missing()
    assert product.product_class == giftware
    assert product.attribute_values.get().attribute == colour
    assert product.categories.get().name == "HOME"


def test_a_title_without_latin_letters_gets_an_address_all_the_same(load):
    load("sku,title,price", "A1,瀬戸物,1")

    assert Product.objects.get().get_absolute_url().endswith(f"_{Product.objects.get().pk}/")


def test_html_from_outside_is_cleaned(load):
    rows = ("sku,title,price,description", 'A1,Cup,1,"<p onclick=""x()"">Big<script>alert(1)</script></p>"')

    load(*rows)

    assert Product.objects.get().description == "<p>Big</p>"
    assert counts(load(*rows)) == (0, 0, 1, 0)


def test_the_rules_know_the_limits_of_the_catalogue(db):
    assert limits_of_the_catalogue() == Limits()


# Again


ROWS = (
    "sku,title,price,description,category,product_type,stock,barcode,parent_sku,attr:size,attr:weight",
    "A1,Cup,2.50,Good,Home > Kitchen,Giftware,12,5012345678900,,,250 g",
    "H,Hoodie,,Warm,Clothes,Clothing,,,,,",
    "H-S,,52,,,,3,,H,S,",
    "H-M,Hoodie M,52,,,,4,,h,M,",
)


def test_the_same_file_twice_doubles_nothing(load):
    first = load(*ROWS)
    tables = (Product, StockRecord, Category, ProductClass, ProductAttribute, Listing)
    before = [model.objects.count() for model in tables]

    second = load(*ROWS)

    assert counts(first) == (4, 0, 0, 0)
    assert counts(second) == (0, 0, 4, 0)
    assert second.missing == Missing()
    assert [model.objects.count() for model in tables] == before == [4, 3, 3, 2, 2, 2]


def test_a_changed_price_changes_the_stock_record_and_nothing_else(load):
    load("sku,title,price", "A1,Cup,2.50", "A2,Mug,3")
    record = StockRecord.objects.get(partner_sku="A1")
    StockRecord.objects.filter(pk=record.pk).update(num_allocated=2, num_in_stock=9)

    report = load("sku,title,price", "A1,Cup,2.75", "A2,Mug,3")

    changed = StockRecord.objects.get(partner_sku="A1")
    assert counts(report) == (0, 1, 1, 0)
    assert report.tally.columns == Counter({"price": 1})
    assert (changed.pk, changed.price, changed.num_in_stock, changed.num_allocated) == (
        record.pk, Decimal("2.75"), 9, 2,
    )  # fmt: skip
    assert changed.date_updated > record.date_updated
    assert StockRecord.objects.get(partner_sku="A2").price == 3


def test_every_column_can_change_a_product_and_its_address_stays(load):
    load(*ROWS)
    slug = Product.objects.get(title="Cup").slug

    report = load(
        ROWS[0],
        "a1,Beaker,2.60,Better,Garden,giftware,11,5012345678917,,,300 g",
    )

    product = Product.objects.get(title="Beaker")
    record = product.stockrecords.get()
    assert report.tally.columns == Counter(
        ["title", "price", "description", "category", "stock", "barcode", "attr:weight"]
    )
    assert (product.slug, product.description, product.upc) == (slug, "Better", "5012345678917")
    assert (record.partner_sku, record.price, record.num_in_stock) == ("A1", Decimal("2.60"), 11)
    assert [str(category) for category in product.categories.all()] == ["Garden"]
    assert product.attr.weight == "300 g"


def test_empty_cells_and_missing_columns_leave_what_there_is(load):
    load(*ROWS)

    assert counts(load(ROWS[0], "A1,Cup,2.50,,,,,,,,")) == (0, 0, 1, 0)
    assert counts(load("sku,title,price", "A1,Cup,2.50", "H-S,Hoodie S,52")) == (0, 1, 1, 0)
    product = Product.objects.get(title="Cup")
    assert (product.description, product.upc, product.stockrecords.get().num_in_stock) == ("Good", "5012345678900", 12)
    assert Product.objects.get(title="Hoodie S").parent.title == "Hoodie"


def test_a_product_that_staff_made_is_found_by_its_partners_sku(load, partner):
    product = Product.objects.create(title="Cup", product_class=ProductClass.objects.create(name="Any"))
    StockRecord.objects.create(product=product, partner=partner, partner_sku="a1", price_currency="GBP", price=1)

    report = load("sku,title,price", "A1,Cup,2")

    assert counts(report) == (0, 1, 0, 0)
    assert report.tally.columns == Counter(["price", "listed"])
    assert StockRecord.objects.get().price == 2


def test_the_same_sku_of_another_partner_is_another_product(load):
    other = Partner.objects.create(name="Other")
    product = Product.objects.create(title="Cup", product_class=ProductClass.objects.create(name="Any"))
    StockRecord.objects.create(product=product, partner=other, partner_sku="A1", price_currency="GBP", price=1)

    assert counts(load("sku,title,price", "A1,Cup,2")) == (1, 0, 0, 0)
    assert sorted(StockRecord.objects.values_list("price", flat=True)) == [1, 2]


def test_attributes_of_every_kind_are_kept_by_their_kind(load):
    kind = ProductClass.objects.create(name="General")
    sizes = AttributeOptionGroup.objects.create(name="Sizes")
    large = sizes.options.create(option="Large")
    small = sizes.options.create(option="Small")
    for code in ("text", "richtext", "integer", "float", "boolean", "date", "datetime"):
        ProductAttribute.objects.create(product_class=kind, code=f"a_{code}", name=code, type=code)
    ProductAttribute.objects.create(product_class=kind, code="size", name="Size", type="option", option_group=sizes)
    rows = (
        "sku,title,price,attr:a_text,attr:a_richtext,attr:a_integer,attr:a_float,attr:a_boolean,attr:a_date,"
        "attr:a_datetime,attr:size",
        "A1,Cup,1,x,<b>y</b>,7,1.5,yes,2024-05-31,2024-05-31T13:30+00:00,large",
    )

    load(*rows)

    attr = Product.objects.get().attr
    assert (attr.a_text, attr.a_richtext, attr.a_integer, attr.a_float) == ("x", "<b>y</b>", 7, 1.5)
    assert (attr.a_boolean, attr.a_date.isoformat(), attr.size) == (True, "2024-05-31", large)
    assert attr.a_datetime.isoformat() == "2024-05-31T13:30:00+00:00"
    assert counts(load(*rows)) == (0, 0, 1, 0)

    report = load(rows[0], "A1,Cup,1,z,<i>y</i>,8,2.5,no,2024-06-01,2024-06-01T00:00+00:00,SMALL")

    attr = Product.objects.get().attr
    assert report.tally.columns.total() == 8
    assert (attr.a_text, attr.a_richtext, attr.a_integer, attr.a_float) == ("z", "<i>y</i>", 8, 2.5)
    assert (attr.a_boolean, attr.a_date.isoformat(), attr.size) == (False, "2024-06-01", small)


@pytest.mark.parametrize(
    ("kind", "text", "reason"),
    [
        ("integer", "1.5", '"1.5" is not a whole number'),
        ("integer", "9999999999", '"9999999999" is too large'),
        ("float", "x", '"x" is not a number'),
        ("float", "inf", '"inf" is not a number'),
        ("boolean", "maybe", '"maybe" is neither yes nor no'),
        ("date", "31.5.2024", '"31.5.2024" is not a date such as 2024-05-31'),
        ("date", "2024-02-30", '"2024-02-30" is not a date such as 2024-05-31'),
        ("datetime", "noon", '"noon" is not a time such as 2024-05-31T13:30'),
        ("datetime", "2024-02-30T00:00", '"2024-02-30T00:00" is not a time such as 2024-05-31T13:30'),
        ("file", "a.pdf", "is an attribute of the kind file, whose values no row can hold"),
    ],
)
def test_a_value_that_its_attribute_cannot_hold_is_refused(load, kind, text, reason):
    of = ProductClass.objects.create(name="General")
    ProductAttribute.objects.create(product_class=of, code="it", name="It", type=kind)

    load("sku,title,price,attr:it", f"A1,Cup,1,{text}")

    assert refused() == [f"line 2, attr:it: {reason}"]
    assert not Product.objects.exists()


# Variants


def test_variants_hang_below_their_parent_wherever_it_stands_in_the_file(load):
    load("sku,title,price,parent_sku,attr:size", "H-S,,52,H,S", "H,Hoodie,99,,", "H-M,Hoodie M,53,H,M")

    parent = Product.objects.get(structure="parent")
    children = {child.attr.size: child for child in parent.children.all()}
    assert (parent.title, parent.code, parent.stockrecords.count()) == ("Hoodie", "H", 0)
    assert {size: child.title for size, child in children.items()} == {"S": "", "M": "Hoodie M"}
    assert {child.product_class for child in children.values()} == {None}
    assert {size: child.stockrecords.get().price for size, child in children.items()} == {"S": 52, "M": 53}
    assert list(Listing.objects.values_list("product", flat=True)) == [parent.pk]
    for child in children.values():
        child.full_clean(exclude=["slug", "upc"])


def test_a_variant_can_be_added_to_a_parent_of_the_catalogue(load):
    load(*ROWS)

    report = load("sku,title,price,parent_sku,attr:size", "H-L,,54,H,L")

    assert counts(report) == (1, 0, 0, 0)
    assert Product.objects.get(structure="parent").children.count() == 3


# Refusing


@pytest.mark.parametrize(
    ("lines", "reasons"),
    [
        (
            ("sku,title,price", "A1,Cup,1", "A2,Mug,1", "a1,Cup,2", "A1,Cup,0"),
            [
                "line 2, sku: stands in line 4 too",
                "line 4, sku: stands in line 2 too",
                "line 5, price: is zero",
                "line 5, sku: stands in line 4 too",
            ],
        ),
        (
            ("sku,title,price,barcode", "A1,Cup,1,123", "A2,Mug,1,123"),
            ["line 2, barcode: stands in line 3 too", "line 3, barcode: stands in line 2 too"],
        ),
        (
            ("sku,title,price,parent_sku", "A1,Cup,,", "A2,Mug,1,NOPE"),
            [
                "line 2, price: is missing",
                "line 3, parent_sku: no row and no product with variants has this SKU",
            ],
        ),
        (
            ("sku,title,price,parent_sku", "A1,Cup,1,A2", "A2,Mug,1,A3", "A3,Jar,,"),
            ["line 2, parent_sku: is a variant itself (line 3)"],
        ),
        (
            ("sku,title,price,parent_sku", "A1,,,", "A2,Mug,1,A1", "A3,Mug,1,a1"),
            [
                "line 2, title: is missing",
                "line 3, parent_sku: the row of the parent (line 2) is refused",
                "line 4, parent_sku: the row of the parent (line 2) is refused",
            ],
        ),
    ],
)
def test_rows_that_contradict_each_other_are_refused(load, lines, reasons):
    report = load(*lines)

    assert refused() == reasons
    assert not report.is_loaded
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("lines", "reasons"),
    [
        (("sku,title,price,parent_sku", "H-S,,52,A1"), ["no row and no product with variants has this SKU"]),
        (
            ("sku,title,price,parent_sku", "A1,Cup,,", "A1-S,,52,A1"),
            [
                "is sold on its own in the catalogue, so it can't have variants",
                "the row of the parent (line 2) is refused",
            ],
        ),
        (
            ("sku,title,price,parent_sku", "A1,Cup,1,H"),
            ["the catalogue has this SKU as a product of its own, not as a variant"],
        ),
        (
            ("sku,title,price,parent_sku", "H-S,,52,K", "K,Coat,,"),
            ["the catalogue has this SKU as a variant of another product"],
        ),
        (
            ("sku,title,price,product_type", "A1,Cup,1,Clothing"),
            ['is "Giftware" in the catalogue; a file can\'t change it'],
        ),
        (("sku,title,price,attr:shade", "A1,Cup,1,mauve"), ['"mauve" is none of its choices: red, blue']),
    ],
)
def test_rows_that_contradict_the_catalogue_are_refused(load, lines, reasons):
    load(*ROWS)
    shades = AttributeOptionGroup.objects.create(name="Shades")
    for option in ("Red", "Blue"):
        shades.options.create(option=option)
    giftware = ProductClass.objects.get(name="Giftware")
    ProductAttribute.objects.create(
        product_class=giftware, code="shade", name="Shade", type="option", option_group=shades
    )
    before = list(Product.objects.order_by("pk").values())

    report = load(*lines)

    assert [refusal.reason for refusal in staging.refusals()] == reasons
    assert not report.is_loaded
    assert list(Product.objects.order_by("pk").values()) == before


def test_a_barcode_of_another_product_is_refused(load):
    load(*ROWS)

    load("sku,title,price,barcode", "A2,Mug,1,5012345678900")

    assert refused() == [f"line 2, barcode: is the barcode of product {Product.objects.get(title='Cup').pk}"]


def test_a_price_in_another_currency_is_refused(load, aurora_store):
    load(*ROWS)
    aurora_store.currency = "EUR"

    load("sku,title,price", "A1,Cup,1")

    assert refused() == ["line 2, price: is in GBP in the catalogue, and the store sells in EUR"]


def test_an_attribute_that_python_could_not_name_is_refused_with_the_file(load):
    for code in ("class", "product"):
        with pytest.raises(FileRefused, match=f"^{code} can't be the code of an attribute: "):
            load(f"sku,title,price,attr:{code}", "A1,Cup,1,x")


def test_a_file_with_refused_rows_loads_nothing(load):
    report = load("sku,title,price,category", "A1,Cup,1,Home", "A2,Mug,0,Home")

    assert counts(report) == (1, 0, 0, 1)
    assert not report.is_loaded
    assert not Product.objects.exists()
    assert not Category.objects.exists()


def test_a_rehearsal_tells_the_same_and_writes_nothing(load):
    load(*ROWS)
    before = list(StockRecord.objects.order_by("pk").values())

    report = load("sku,title,price,category", "A1,Cup,3,New", "A2,Mug,1,", is_rehearsal=True)

    assert counts(report) == (1, 1, 0, 0)
    assert report.tally.columns == Counter(["price", "category"])
    assert report.missing.categories == (("New",),)
    assert not report.is_loaded
    assert list(StockRecord.objects.order_by("pk").values()) == before
    assert not Category.objects.filter(name="New").exists()


def test_the_rest_is_loaded_when_told_so_and_the_refused_rows_can_be_mended(load, tmp_path):
    target = tmp_path / "refused.csv"

    report = load("sku,title,price", "A1,Cup,1", "A2,=Mug,0", "A3,,", "a1,Cup,1", "A4,Jar,4", refused_to=target)

    assert counts(report) == (1, 0, 0, 4)
    assert report.is_loaded
    assert list(Product.objects.values_list("title", flat=True)) == ["Jar"]
    assert target.read_text(encoding="utf-8-sig").splitlines() == [
        "sku,title,price,reason",
        "A1,Cup,1,sku: stands in line 5 too",
        "A2,'=Mug,0,price: is zero",
        "A3,,,price: is missing; title: is missing",
        "a1,Cup,1,sku: stands in line 2 too",
    ]

    mended = target.read_text(encoding="utf-8-sig").replace(",0,", ",2,").splitlines()
    again = load(*mended[:3], refused_to=tmp_path / "refused-again.csv")

    assert counts(again) == (2, 0, 0, 0)
    assert not (tmp_path / "refused-again.csv").exists()
    assert sorted(Product.objects.values_list("title", flat=True)) == ["=Mug", "Cup", "Jar"]


def test_an_import_that_changed_something_is_in_the_audit_trail(load, aurora_store):
    load(*ROWS)
    load(*ROWS)
    load(ROWS[0], "A1,Cup,0,,,,,,,,")
    load(ROWS[0], "A1,Cup,9,,,,,,,,", is_rehearsal=True)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.store) == ("catalogue.imported", None, aurora_store)
    assert entry.details == {"file": "catalogue.csv", "rows": 4, "added": 4, "changed": 0, "refused": 0}


# Measures


def test_the_number_of_queries_does_not_grow_with_the_rows(load):
    header = "sku,title,price,category,barcode,stock,attr:size"

    def rows(count: int, *, price: int) -> list[str]:
        return [f"A{n},Cup {n},{price},Home > Kitchen,{n:013},{n},L" for n in range(count)]

    load(header, *rows(1, price=1))

    def queries(count: int, *, price: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert load(header, *rows(count, price=price)).refused == 0
        return len(captured)

    assert queries(10, price=1) == queries(20, price=1)  # adds
    assert queries(10, price=2) == queries(20, price=3)  # changes
    assert queries(10, price=3) == queries(20, price=3)  # leaves alone


def test_batches_do_not_lose_rows_at_their_edges(load, monkeypatch):
    monkeypatch.setattr(staging, "BATCH", 3)
    lines = [f"A{n},Cup {n},1,{'H' if n % 2 else ''}" for n in range(10)]

    report = load("sku,title,price,parent_sku", "H,Hoodie,,", *lines)

    assert counts(report) == (11, 0, 0, 0)
    assert Product.objects.filter(structure="child").count() == 5
    assert counts(load("sku,title,price,parent_sku", "H,Hoodie,,", *lines)) == (0, 0, 11, 0)


# The stranger


def test_another_merchants_catalogue_is_neither_seen_nor_touched(load, lumen: Merchant, tmp_path):
    with merchant_scope(lumen.pk):
        strangers = import_catalogue(
            write(tmp_path / "lumen.csv", "sku,title,price,barcode,category\nA1,Lamp,9,123,Home"),
            store=Store.objects.get(),
            wishes=Wishes(Partner.objects.create(name="Warehouse").pk),
            progress=lambda doing, count: None,
        )

    report = load("sku,title,price,barcode,category", "A1,Cup,1,123,Home")

    assert counts(strangers) == counts(report) == (1, 0, 0, 0)
    assert report.missing.categories == (("Home",),)
    assert Product.objects.get().title == "Cup"
    with merchant_scope(lumen.pk):
        assert Product.objects.get().title == "Lamp"
        assert StockRecord.objects.get().price == 9
        assert Category.objects.get().product_set.get().title == "Lamp"


def write(path: Path, content: str) -> Path:
    path.write_text(content)
    return path

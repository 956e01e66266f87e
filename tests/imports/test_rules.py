from decimal import Decimal

import pytest

from shop.imports.errors import FileRefused, Refusal
from shop.imports.readers import Row
from shop.imports.rows import ProductRow, RefusedRow
from shop.imports.rules import Limits, Rules, columns_of, shown, understand
from shop.pricing.pricing import store_price
from tests.pricing.contexts import context

COLUMNS = ("sku", "title", "price")
KNOWN = "sku, title, price, description, category, product_type, stock, barcode, parent_sku and attr:NAME"


def understood(
    *, columns: tuple[str, ...] = COLUMNS, decimal_mark: str = ".", tax_included: Decimal | None = None, **cells: str
):
    values = {"sku": "A1", "title": "Cup", "price": "2.55"} | {name.replace("__", ":"): v for name, v in cells.items()}
    columns = (*columns, *(name for name in values if name not in columns))
    row = Row(7, tuple(values.get(column, "") for column in columns))
    return understand(row, Rules(columns, decimal_mark=decimal_mark, tax_included=tax_included))


def refusal_of(column: str, cell: str, **options: object) -> str:
    """The reason why a row is refused whose only fault is this cell."""
    refused = understood(**{column.replace(":", "__"): cell}, **options)
    assert isinstance(refused, RefusedRow), f"{cell!r} was understood"
    assert refused.sku == ("" if column == "sku" else "A1")
    [refusal] = refused.refusals
    assert (refusal.line, refusal.column) == (7, column)
    return refusal.reason


# The header


def test_a_heading_may_be_written_in_capitals_and_with_blanks():
    assert columns_of([" SKU", "Title", "PRICE ", "Product Type", "parent  sku", "attr:Colour"]) == (
        "sku",
        "title",
        "price",
        "product_type",
        "parent_sku",
        "attr:colour",
    )


def test_a_missing_column_is_named_with_those_that_were_found():
    with pytest.raises(FileRefused) as refused:
        columns_of(["SKU", "Name", "Price", "\x1b[2J"])

    assert str(refused.value) == (
        r'there is no column "title"; the columns found are "SKU", "Name", "Price", "\x1b[2J"'
    )


@pytest.mark.parametrize("unknown", ["desciption", "price (£)", "", "attr:", "attr:2nd", "attr:a-b"])
def test_an_unknown_column_is_refused_and_the_known_ones_are_named(unknown):
    with pytest.raises(FileRefused) as refused:
        columns_of([*COLUMNS, unknown])

    assert str(refused.value) == f'there is no use for the column "{unknown}"; the known ones are {KNOWN}'


def test_an_unknown_column_may_be_ignored_by_name():
    assert columns_of(["sku", "Colour Code", "title", "price"], ignored=["colour code"]) == (
        "sku",
        "",
        "title",
        "price",
    )


def test_every_unknown_column_may_be_ignored():
    assert columns_of(["name", "sku", "sku_2", "title", "price"], ignored=["*"]) == ("", "sku", "", "title", "price")


def test_the_reason_column_of_a_mended_file_is_ignored():
    assert columns_of([*COLUMNS, "reason"]) == (*COLUMNS, "")


def test_a_required_column_cannot_be_ignored():
    with pytest.raises(FileRefused, match='there is no column "price"'):
        columns_of(COLUMNS, ignored=["price"])


def test_a_column_that_stands_twice_is_refused():
    with pytest.raises(FileRefused, match='there is more than one column "price"'):
        columns_of([*COLUMNS, "Price"])


# Whole rows


def test_a_row_that_says_everything_is_understood():
    assert understood(
        sku=" 85123A ",
        title="White  hanging heart",
        price="2.5",
        description="<p>Two\nlines</p>",
        category="Home > Light | Gifts",
        product_type="Giftware",
        stock="12",
        barcode="5012345678900",
        parent_sku="85123",
        attr__colour="White",
        attr__size=" ",
    ) == ProductRow(
        line=7,
        sku="85123A",
        title="White hanging heart",
        price=Decimal("2.50"),
        description="<p>Two\nlines</p>",
        categories=(("Home", "Light"), ("Gifts",)),
        product_type="Giftware",
        stock=12,
        barcode="5012345678900",
        parent_sku="85123",
        attributes=(("colour", "White"),),
    )


def test_everything_that_is_wrong_with_a_row_is_said_at_once():
    assert understood(sku="", title=" ", price="abc", stock="-1").refusals == (
        Refusal(7, "price", '"abc" is not a number such as 1234.50'),
        Refusal(7, "stock", '"-1" is not a whole number of pieces'),
        Refusal(7, "sku", "is missing"),
        Refusal(7, "title", "is missing"),
    )


def test_a_refusal_reads_as_a_line():
    assert str(Refusal(7, "price", "is zero")) == "line 7, price: is zero"
    assert str(Refusal(7, "", "has 2 cells")) == "line 7: has 2 cells"


def test_what_the_reader_holds_against_a_row_is_the_only_reason():
    row = Row(7, ("", "", ""), "has 4 cells where the header has 3")

    refusal = Refusal(7, "", "has 4 cells where the header has 3")
    assert understand(row, Rules(COLUMNS)) == RefusedRow(7, "", (refusal,))


# Prices


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("2.55", "2.5500"),
        ("2", "2.0000"),
        (" 2.5 ", "2.5000"),
        (".5", "0.5000"),
        ("2.550000", "2.5500"),
        ("0002.55", "2.5500"),
        ("0.0001", "0.0001"),
        ("9999999999.9999", "9999999999.9999"),
    ],
)
def test_a_price_has_the_decimals_that_the_catalogue_keeps(text, price):
    found = understood(price=text).price

    assert str(found) == price


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0", "is zero"),
        ("0.00", "is zero"),
        ("-1", '"-1" is below zero'),
        ("-0.01", '"-0.01" is below zero'),
        ("2.55555", '"2.55555" has more than 4 decimals'),
        ("0.00001", '"0.00001" has more than 4 decimals'),
        ("0." + "0" * 60 + "1", f'"0.{"0" * 38}…" has more than 4 decimals'),
        ("10000000000", '"10000000000" has more than 10 digits before the decimals'),
        ("9" * 5000, f'"{"9" * 40}…" has more than 10 digits before the decimals'),
        *(
            (text, f'"{text}" is not a number such as 1234.50')
            for text in (
                *("abc", "£2.55", "2,55", "1,234.56", "1.234,56", "1 234", "1e3", "+2", "2.", ".", "--1", "0x10"),
                *("NaN", "Infinity", "２.５", "2.5.5", "1_000", "'2.55"),
            )
        ),
        ("2\u00a0000", r'"2\xa0000" is not a number such as 1234.50'),
        ("", "is missing"),
        (" ", "is missing"),
        ("#N/A", "#N/A is a spreadsheet's error"),
    ],
)
def test_what_is_no_price_is_refused(text, reason):
    assert refusal_of("price", text) == reason


def test_prices_with_a_decimal_comma_are_read_when_that_is_said():
    assert understood(price="1234,5", decimal_mark=",").price == Decimal("1234.50")
    assert refusal_of("price", "1.234,50", decimal_mark=",") == '"1.234,50" is not a number such as 1234,50'
    assert refusal_of("price", "2.55", decimal_mark=",") == '"2.55" is not a number such as 1234,50'


@pytest.mark.parametrize("gross", ["9.99", "0.01", "0.02", "10.00", "9999999.99", "123.45"])
@pytest.mark.parametrize("rate", ["0", "0.07", "0.19", "0.2", "0.255"])
def test_a_price_with_tax_is_kept_without_and_comes_back_to_the_penny(gross, rate):
    net = understood(price=gross, tax_included=Decimal(rate)).price

    assert store_price(net, context(tax_rate=rate)).amount == Decimal(gross)
    assert net.as_tuple().exponent == -4


def test_a_price_with_tax_has_two_decimals_at_most():
    assert refusal_of("price", "9.999", tax_included=Decimal("0.2")) == '"9.999" has more than 2 decimals'


def test_a_row_without_price_may_be_the_parent_of_variants_where_the_file_has_variants():
    assert understood(columns=(*COLUMNS, "parent_sku"), price="").price is None


# Texts


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("title", "", "is missing"),
        ("title", "x" * 256, "has 256 characters, 255 are allowed"),
        ("title", "x" * 10_000_000, "has 10,000,000 characters, 255 are allowed"),
        ("title", "Cup\nA2,Mug", "has a line break; was a quote left open?"),
        ("title", "Cu\x00p", "has a NUL byte at character 3"),
        ("title", "Caf\udce9", "isn't UTF-8: byte 0xe9 at character 4"),
        ("title", "Caf\ufffd", "lost a letter at character 4 in an earlier conversion (\ufffd)"),
        ("title", "\x1b[2J", "has the control character U+001B at character 1"),
        ("title", "Pound \x9c", "has the control character U+009C at character 7"),
        ("title", "#REF!", "#REF! is a spreadsheet's error"),
        ("sku", "x" * 129, "has 129 characters, 128 are allowed"),
        ("sku", "A\u200b1", "has the invisible character U+200B"),
        ("sku", "A\u00a01", "has the invisible character U+00A0"),
        ("sku", "A\n1", "has the invisible character U+000A"),
        ("sku", "5.01234E+12", '"5.01234E+12" was shortened by a spreadsheet: format the column as text'),
        ("barcode", "5.01234E+12", '"5.01234E+12" was shortened by a spreadsheet: format the column as text'),
        ("barcode", "5" * 65, "has 65 characters, 64 are allowed"),
        ("description", "x" * 100_001, "has 100,001 characters, 100,000 are allowed"),
        ("description", "Caf\udce9", "isn't UTF-8: byte 0xe9 at character 4"),
        ("product_type", "x" * 129, "has 129 characters, 128 are allowed"),
        ("attr:colour", "x" * 1001, "has 1,001 characters, 1,000 are allowed"),
        ("attr:colour", "re\x00d", "has a NUL byte at character 3"),
        ("stock", "-1", '"-1" is not a whole number of pieces'),
        ("stock", "1.5", '"1.5" is not a whole number of pieces'),
        ("stock", "many", '"many" is not a whole number of pieces'),
        ("stock", "٣", '"٣" is not a whole number of pieces'),
        ("stock", "2147483648", '"2147483648" is more than 2147483647'),
        ("stock", "9" * 5000, f'"{"9" * 40}…" is not a whole number of pieces'),
        ("category", "Home > ", '"Home >" has an empty name; write A > B | C > D'),
        ("category", "Home || Gifts", '"" has an empty name; write A > B | C > D'),
        ("category", "x" * 256, f'"{"x" * 40}…" has more than 255 characters'),
        ("category", ">".join("abcdefghijklmnopqrstu"), "is 21 levels deep, 20 are allowed"),
        ("parent_sku", "a1", "names the row itself"),
    ],
)
def test_what_a_column_cannot_hold_is_refused(column, cell, reason):
    assert refusal_of(column, cell) == reason


@pytest.mark.parametrize("title", ["=1+1", "-5° BOTTLE", "x" * 255, "Ｆｕｌｌ", "👩‍🚀 mug", "Über › 12\" & 'more'"])
def test_a_title_may_be_any_text(title):
    assert understood(title=title).title == title


def test_html_in_a_description_is_cleaned():
    row = understood(description='<p onclick="x()">Big<script>alert(1)</script></p>')

    assert row.description == "<p>Big</p>"


def test_an_empty_optional_cell_says_nothing():
    columns = (*COLUMNS, "description", "category", "product_type", "stock", "barcode", "attr:colour")

    assert understood(columns=columns) == ProductRow(line=7, sku="A1", title="Cup", price=Decimal("2.55"))


def test_a_category_that_stands_twice_counts_once():
    assert understood(category="A > B | A>B|C").categories == (("A", "B"), ("C",))


def test_a_variant_may_have_no_title_of_its_own_but_needs_a_price():
    assert understood(title="", parent_sku="A0").title == ""
    assert refusal_of("price", "", parent_sku="A0") == "is missing"


def test_limits_are_those_of_the_catalogue():
    row = Row(7, ("A1", "Cup", "2.555"))

    assert understand(row, Rules(COLUMNS, Limits(price_decimals=3))).price == Decimal("2.555")
    assert isinstance(understand(row, Rules(COLUMNS, Limits(price_decimals=2))), RefusedRow)


def test_what_is_shown_of_a_file_cannot_drive_a_terminal():
    assert shown("\x1b[31mred\n") == r'"\x1b[31mred\n"'
    assert shown("x" * 41) == f'"{"x" * 40}…"'

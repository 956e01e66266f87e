import lzma
from decimal import Decimal
from pathlib import Path

import pytest

from bench import online_retail
from bench.online_retail import Product

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def order_book(tmp_path: Path, *lines: str) -> Path:
    """Lines of invoice, stock code, description, quantity and price."""
    path = tmp_path / "book.csv.xz"
    with lzma.open(path, "wt", encoding="utf-8") as file:
        file.write(HEADER)
        for line in lines:
            invoice, code, description, quantity, price = line.split("|")
            file.write(f"{invoice},{code},{description},{quantity},2011-01-01 08:00:00,{price},1,Italy\n")
    return path


def test_the_same_code_in_other_letters_is_the_same_product(tmp_path):
    book = order_book(tmp_path, "1|a1 |MUG|1|2.00", "2|A1|MUG|1|2.00")

    assert online_retail.derive(book).products == (Product("A1", "MUG", Decimal("2.00"), "Kitchen > Tableware"),)


def test_the_list_price_is_the_most_frequent_and_of_equals_the_highest(tmp_path):
    book = order_book(
        tmp_path,
        *("1|A1|MUG|1|2.95", "2|A1|MUG|1|2.95", "3|A1|MUG|99|2.55", "4|A1|MUG|1|5"),
        *("1|B1|MUG|1|1.5", "2|B1|MUG|9|1.25"),
    )

    assert [str(product.price) for product in online_retail.derive(book).products] == ["2.95", "1.50"]


def test_prices_of_the_retail_site_count_only_for_what_was_sold_nowhere_else(tmp_path):
    book = order_book(
        tmp_path,
        *("1|DOT|DOTCOM POSTAGE|1|50", "1|A1|MUG|1|6", "1|B1|CUP|1|4"),
        *("2|DOT|DOTCOM POSTAGE|1|50", "2|A1|MUG|1|6", "3|A1|MUG|1|3"),
    )

    assert [(p.sku, str(p.price)) for p in online_retail.derive(book).products] == [("A1", "3.00"), ("B1", "4.00")]


def test_the_title_is_the_most_frequent_description_of_what_was_sold(tmp_path):
    book = order_book(
        tmp_path, "1|A1|RED  MUG |1|2", "2|A1|RED MUG|1|2", "3|A1|MUG RED|1|2", *["4|A1|damaged|-9|0"] * 9
    )

    assert online_retail.derive(book).products[0].title == "RED MUG"


def test_what_is_dropped_is_dropped_with_a_reason(tmp_path):
    book = order_book(
        tmp_path,
        *("1|POST|POSTAGE|1|18", "1|m|Manual|1|5", "1|A1|MUG|1|2"),
        *("2|B1||5|0", "C3|C1|RETURNED|-1|2", "4|D1|PADS|1|0.001"),
    )

    catalogue = online_retail.derive(book)

    assert [product.sku for product in catalogue.products] == ["A1"]
    assert catalogue.dropped == {
        "B1": "never sold at a price",
        "C1": "never sold at a price",
        "D1": "sold below a penny",
        "M": "not a product (entered by hand)",
        "POST": "not a product (postage)",
    }
    assert online_retail.report(catalogue).splitlines() == [
        "        6 rows read",
        "        6 stock codes, ignoring case",
        "        1 products kept",
        "        2 dropped: never sold at a price",
        "        1 dropped: not a product (entered by hand)",
        "        1 dropped: not a product (postage)",
        "        1 dropped: sold below a penny",
    ]


def test_the_command_writes_the_columns_that_an_import_reads(tmp_path, capsys):
    book = order_book(tmp_path, '1|A1|"RED MUG, LARGE"|1|2', "1|B1|THING|1|3")

    online_retail.main([str(tmp_path / "out.csv"), "--source", str(book)])

    assert (tmp_path / "out.csv").read_text() == (
        'sku,title,price,category\nA1,"RED MUG, LARGE",2.00,Kitchen > Tableware\nB1,THING,3.00,Other gifts\n'
    )
    assert "2 products kept" in capsys.readouterr().out


def test_the_command_says_where_it_looked(tmp_path):
    with pytest.raises(SystemExit, match=r"nowhere\.csv\.xz is not there: name the order book by --source"):
        online_retail.main([str(tmp_path / "out.csv"), "--source", str(tmp_path / "nowhere.csv.xz")])

    assert not (tmp_path / "out.csv").exists()

"""Lines as people write them."""

import pytest

from shop.quickorder.entries import LONGEST_CODE, MOST_ENTRIES, Entry, entries_from, entries_in
from shop.quickorder.errors import Unreadable


@pytest.mark.parametrize(
    ("line", "code", "quantity"),
    [
        ("AB-1\t12", "AB-1", "12"),
        ("AB-1,12", "AB-1", "12"),
        ("AB-1; 12", "AB-1", "12"),
        ("AB-1   12", "AB-1", "12"),
        ("AB-1 12", "AB-1", "12"),
        ("BOLT M8 12", "BOLT M8", "12"),
        ("BOLT M8\t12", "BOLT M8", "12"),
        ("12 x AB-1", "AB-1", "12"),
        ("12x AB-1", "AB-1", "12"),
        ("12 × AB-1", "AB-1", "12"),
        ("12 * BOLT M8", "BOLT M8", "12"),
        ("AB-1 x 12", "AB-1", "12"),
        ("AB-1 x12", "AB-1", "12"),
        ("12\tAB-1", "AB-1", "12"),
        ("12;AB-1;Bolt", "AB-1", "12"),
        ("4711\t12", "4711", "12"),
        ("4711 12", "4711", "12"),
        ("AB-1;Bolt, hexagonal;12", "AB-1", "12"),
        ("AB-1\tBolt\t12\t3,50", "AB-1", "12"),
        ('"AB-1","12"', "AB-1", "12"),
        ("AB-1", "AB-1", "1"),
        ("AB-1,", "AB-1", "1"),
        ("100x200", "100x200", "1"),
        ("AB-1;1.5", "AB-1", "1.5"),
        ("AB-1\t1,000", "AB-1", "1,000"),
        ("AB-1;-3", "AB-1", "-3"),
        ("AB-1;a dozen", "AB-1", "a dozen"),
        ("\tAB-1\t12\t", "AB-1", "12"),
        ("A\x00B\u200b-1\t1", "A B -1", "1"),
        (";12", "", "12"),
    ],
)
def test_a_line_says_a_number_and_how_many(line, code, quantity):
    assert entries_in(line) == [Entry(code, quantity)]


def test_blank_lines_are_none_and_the_others_keep_their_order():
    assert entries_in("\nB 2\r\n \nA 1\n,\n") == [Entry("B", "2"), Entry("A", "1")]


@pytest.mark.parametrize(
    "text",
    [
        "SKU\tQuantity\nAB-1\t12",
        "Menge;Bezeichnung;Artikel-Nr.\n12;Schraube;AB-1",
        "Description,Qty,Part No\nBolt,12,AB-1",
    ],
)
def test_headings_say_which_column_is_which(text):
    assert entries_in(text) == [Entry("AB-1", "12")]


def test_a_heading_without_a_quantity_asks_for_one_each():
    assert entries_in("sku\nA\nB") == [Entry("A"), Entry("B")]


def test_a_row_that_is_too_short_for_its_headings_is_still_a_row():
    assert entries_from([("title", "quantity", "sku"), ("Bolt", "12")]) == [Entry("", "12")]


def test_quantities_and_codes_are_cut_for_show_only_where_no_product_has_such():
    [entry] = entries_in(f"{'A' * 300}\t{'9' * 5000}")

    assert (len(entry.code), len(entry.quantity)) == (LONGEST_CODE, 20)


def test_more_lines_than_a_basket_holds_are_refused_before_they_are_read():
    def endless():
        yield from (("A", "1") for _ in range(MOST_ENTRIES))
        yield ("A", "1")
        raise AssertionError("read on")

    assert len(entries_in("A 1\n" * MOST_ENTRIES)) == MOST_ENTRIES
    with pytest.raises(Unreadable, match="more than 1000 lines"):
        entries_from(endless())


def test_a_line_of_megabytes_is_refused_by_its_number():
    with pytest.raises(Unreadable, match="Line 2 is too long"):
        entries_in("A 1\n" + "B" * 10_000_000)


def test_bytes_of_another_encoding_are_refused_only_where_they_are_asked_for():
    umlaut = b"B\xfcgel".decode("utf-8", "surrogateescape")

    assert entries_from([("AB-1", umlaut, "2")]) == [Entry("AB-1", "2")]
    with pytest.raises(Unreadable, match="Line 1 is not in UTF-8"):
        entries_from([(umlaut, "2")])

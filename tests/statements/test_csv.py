from datetime import date
from decimal import Decimal

import pytest

from shop.statements.errors import StatementRefused
from shop.statements.readers.csv_table import Layout, bookings_of, guessed, read_sheet
from tests.statements.files import BARCLAYS, SPARKASSE, TWO_COLUMNS


def said(content, **changes):
    """What is read with the guessed layout, and this besides."""
    sheet = read_sheet(content)
    layout = guessed(sheet)
    return bookings_of(sheet, Layout(**(vars(layout) | changes)))


def test_a_german_bank_is_read_as_guessed():
    first, fee = said(SPARKASSE.format(text="AURORA-7K3M9RXVW").encode("cp1252"))

    assert (first.amount, first.currency, first.booked_on) == (Decimal("1025.00"), "GBP", date(2026, 11, 27))
    assert (first.is_credit, first.text, first.payer) == (True, "AURORA-7K3M9RXVW", "Ada Byron")
    assert (first.payer_iban, first.bank_reference) == ("DE89370400440532013000", "")
    assert (fee.amount, fee.is_credit) == (Decimal("4.95"), False)


def test_a_british_bank_is_read_as_guessed_but_for_its_currency():
    first, debit = said(BARCLAYS.format(text="AURORA-7K3M9RXVW").encode(), currency="GBP")

    assert (first.amount, first.booked_on, first.text) == (
        Decimal("25.00"),
        date(2026, 11, 27),
        "ADA BYRON AURORA-7K3M9RXVW",
    )
    assert not debit.is_credit


def test_money_in_and_out_may_stand_in_two_columns_below_a_preface():
    paid_in, rent = said(TWO_COLUMNS.format(text="AURORA-7K3M9RXVW").encode(), currency="GBP")

    assert (paid_in.amount, paid_in.is_credit) == (Decimal("1250.00"), True)
    assert (rent.amount, rent.is_credit) == (Decimal("900.00"), False)


@pytest.mark.parametrize(
    ("cell", "mark", "amount", "is_credit"),
    [
        ("1.234,50", ",", "1234.50", True),
        ("1,234.50", ".", "1234.50", True),
        ("-3,20 €", ",", "3.20", False),
        ("3,20-", ",", "3.20", False),
        ("(3.20)", ".", "3.20", False),
        ("+12.00 EUR", ".", "12.00", True),
        ("1 234,50", ",", "1234.50", True),
        ("1’234.50", ".", "1234.50", True),
        ("−7,00", ",", "7.00", False),
    ],
)
def test_amounts_are_read_as_banks_write_them(cell, mark, amount, is_credit):
    sheet = read_sheet(f"Date;Amount;Currency\n2026-11-27;{cell};EUR\n".encode())

    (booking,) = bookings_of(sheet, Layout({"booked_on": 0, "amount": 1, "currency": 2}, mark))

    assert (booking.amount, booking.is_credit) == (Decimal(amount), is_credit)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2026-11-27;abc;EUR", "“abc” is no amount"),
        ("2026-11-27;1.2.3;EUR", "“1.2.3” is no amount"),
        ("2026-11-27;0.001;EUR", "“0.001” is no amount"),
        ("2026-11-27;;EUR", "there is no amount"),
        ("11/27/2026;1.00;EUR", "“11/27/2026” is no day"),
        ("2026-11-27;1.00;Euros", "“EUROS” is no currency"),
        ("2026-11-27;99999999999999.00;EUR", "is no amount"),
    ],
)
def test_a_row_that_makes_no_sense_is_named(row, reason):
    sheet = read_sheet(f"Date;Amount;Currency\n2026-11-27;1.00;EUR\n{row}\n".encode())

    with pytest.raises(StatementRefused, match=f"Row 2 below the header: .*{reason}"):
        bookings_of(sheet, Layout({"booked_on": 0, "amount": 1, "currency": 2}))


@pytest.mark.parametrize(
    ("cell", "text", "is_return"),
    [
        ("-25.00", "RÜCKÜBERWEISUNG AURORA-7K3M9RXVW", True),
        ("-25.00", "Returned payment AURORA-7K3M9RXVW", True),
        ("-25.00", "WATER", False),
        ("25.00", "returned goods", False),
    ],
)
def test_money_that_goes_back_is_known_by_its_text(cell, text, is_return):
    sheet = read_sheet(f"Date;Amount;Text\n2026-11-27;{cell};{text}\n".encode())

    (booking,) = bookings_of(sheet, Layout({"booked_on": 0, "amount": 1, "text": 2}, currency="GBP"))

    assert booking.is_return is is_return


@pytest.mark.parametrize("content", [b"", b"hello", b"\x81\x8d\x8f", b"a;b\n"])
def test_what_is_no_table_is_refused(content):
    with pytest.raises(StatementRefused):
        read_sheet(content)

from datetime import date
from decimal import Decimal

import pytest

from shop.statements.errors import StatementRefused
from shop.statements.readers.camt import is_xml, read_camt
from shop.statements.readers.entries import keyed
from tests.statements.files import ACCOUNT, Movement, camt, details

VERSIONS = ["02", "03", "04", "05", "06", "07", "08"]


def bookings(content):
    (account,) = read_camt(content)
    return account.bookings


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_says_the_same(version):
    paid = Movement("25.00", "AURORA-7K3M9RXVW thank you", reference="B-1", creditor_reference="RF18 539007547034")

    (account,) = read_camt(camt(paid, version=version))

    (booking,) = account.bookings
    assert account.iban == ACCOUNT
    assert (booking.amount, booking.currency, booking.is_credit) == (Decimal("25.00"), "GBP", True)
    assert (booking.booked_on, booking.bank_reference) == (date(2026, 11, 27), "B-1")
    assert (booking.text, booking.creditor_reference) == ("AURORA-7K3M9RXVW thank you", "RF18 539007547034")
    assert (booking.payer, booking.payer_iban) == ("Ada Byron", "DE89370400440532013000")
    assert not booking.is_return


def test_what_is_pending_does_not_count_yet():
    assert bookings(camt(Movement("25.00", status="PDNG"), Movement("3.00"))) == bookings(camt(Movement("3.00")))


def test_a_transfer_that_went_back_is_known_by_its_reason():
    (returned,) = bookings(camt(Movement("25.00", direction="DBIT", is_returned=True)))

    assert (returned.is_credit, returned.is_return) == (False, True)


def test_the_end_to_end_reference_is_read_with_the_text():
    (booking,) = bookings(camt(Movement("25.00", "invoice", end_to_end="AURORA-7K3M9RXVW")))

    assert booking.text == "invoice AURORA-7K3M9RXVW"


BATCH = (
    '<Ntry><Amt Ccy="GBP">{total}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-27</Dt></BookgDt>'
    "<AcctSvcrRef>B-9</AcctSvcrRef><NtryDtls>{parts}</NtryDtls></Ntry>"
)


def batch(total, *amounts):
    parts = "".join(
        f'<TxDtls><AmtDtls><TxAmt><Amt Ccy="GBP">{amount}</Amt></TxAmt></AmtDtls>'
        f"{details(Movement(amount, f'part {amount}'), is_new=False)}</TxDtls>"
        for amount in amounts
    )
    return camt(extra=BATCH.format(total=total, parts=parts))


def test_a_batch_is_taken_apart_where_its_parts_add_up():
    first, second = bookings(batch("30.00", "10.00", "20.00"))

    assert (first.amount, first.text, first.bank_reference) == (Decimal("10.00"), "part 10.00", "B-9/1")
    assert (second.amount, second.text, second.bank_reference) == (Decimal("20.00"), "part 20.00", "B-9/2")


def test_a_batch_that_does_not_add_up_is_one_sum():
    (whole,) = bookings(batch("31.00", "10.00", "20.00"))

    assert whole.amount == Decimal("31.00")


def test_two_payments_that_nothing_tells_apart_are_two_in_every_file():
    twin = Movement("25.00", "AURORA-7K3M9RXVW")

    first = [key for key, _ in keyed(ACCOUNT, bookings(camt(twin, twin)))]
    later = [key for key, _ in keyed(ACCOUNT, bookings(camt(twin, Movement("1.00"), twin)))]

    assert len(set(first)) == 2
    assert [first[0], first[1]] == [later[0], later[2]]


BOMB = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>&b;</BkToCstmrStmt></Document>"""
FILE = b"""<?xml version="1.0"?><!DOCTYPE d [<!ENTITY f SYSTEM "file:///etc/passwd">]>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt>&f;</BkToCstmrStmt></Document>"""
SCHEMA = b"""<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/evil.dtd">
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"/>"""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BOMB, "entities"),
        (FILE, "entities"),
        (SCHEMA, "entities"),
        (BOMB.decode().replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16"), "entities"),
        (b"<Document>", "well-formed"),
        (b"<html/>", "no CAMT.053"),
        (camt(version="02").replace(b"camt.053", b"camt.052"), "no CAMT.053"),
        (camt(version="99"), "no CAMT.053"),
        (camt(Movement("-25.00")), "amount"),
        (camt(Movement("1e9")), "amount"),
        (camt(Movement("NaN")), "amount"),
        (camt(Movement("0.001")), "amount"),
        (camt(Movement("999999999999.999")), "amount"),
        (camt(Movement("1000000000000")), "amount"),
        (camt(Movement("25.00", currency="")), "amount"),
        (camt(Movement("25.00", day="yesterday")), "no day"),
    ],
)
def test_what_is_no_statement_is_refused_in_a_sentence(content, said):
    with pytest.raises(StatementRefused, match=said):
        read_camt(content)


def test_a_statement_has_no_more_movements_than_a_table(monkeypatch):
    monkeypatch.setattr("shop.statements.readers.camt.MOST_ROWS", 2)
    movements = [Movement("25.00", reference=f"B-{n}") for n in range(3)]

    with pytest.raises(StatementRefused, match="more than 2 rows"):
        read_camt(camt(*movements))

    assert len(read_camt(camt(*movements[:2]))[0].bookings) == 2


@pytest.mark.parametrize("start", [b"<?xml", b"\xef\xbb\xbf<Doc", b"\n <Doc", "<Doc".encode("utf-16")])
def test_xml_is_known_by_its_beginning(start):
    assert is_xml(start)
    assert not is_xml(b"Buchungstag;Betrag")

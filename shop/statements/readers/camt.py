"""CAMT.053, the statement of ISO 20022 (BankToCustomerStatement), versions 001.02 to 001.08.

Source: the message definitions of https://www.iso20022.org, and the German banks' rules in DFÜ-Abkommen, Anlage 3.
A file may hold several statements, of several accounts. Only what is booked counts; what is pending comes again.
A file that defines entities or names a document type is refused unread (defusedxml), and so is one that isn't CAMT.053.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import parse
from django.utils.translation import gettext as _

from ..errors import StatementRefused
from .entries import MOST_ROWS, Account, Booking

NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:camt\.053\.001\.0[2-8]")
NO_REFERENCE = frozenset({"", "NONREF", "NOTPROVIDED", "NOT PROVIDED", "UNKNOWN"})
"""What banks write where there is none."""
LARGEST = Decimal(10) ** 12
MOST_DIGITS = 20


def is_xml(start: bytes) -> bool:
    """Whether a file that begins so is meant to be XML."""
    return start.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith((b"<", b"\0<"))


def read_camt(content: bytes) -> list[Account]:
    """The booked movements of each account, in the file's order. Raises `StatementRefused`."""
    document = _document(content)
    accounts: dict[str, list[Booking]] = {}
    for statement in document.findall("BkToCstmrStmt/Stmt"):
        iban = _text(statement, "Acct/Id/IBAN") or _text(statement, "Acct/Id/Othr/Id")
        accounts.setdefault(iban, []).extend(_bookings(statement))
    if sum(map(len, accounts.values())) > MOST_ROWS:
        raise StatementRefused(_("The file has more than %(count)d rows: divide it.") % {"count": MOST_ROWS})
    return [Account(iban, tuple(bookings)) for iban, bookings in accounts.items()]


def _document(content: bytes) -> Element:
    """The root, names without their namespace. Raises `StatementRefused`."""
    try:
        root = parse(BytesIO(content), forbid_dtd=True).getroot()
    except DefusedXmlException:
        raise StatementRefused(_("The file defines entities or a document type: that is no statement.")) from None
    except (ParseError, ValueError, LookupError):
        raise StatementRefused(_("The file is damaged: it is not well-formed XML.")) from None
    namespace, _brace, name = root.tag.lstrip("{").rpartition("}")
    if name != "Document" or not NAMESPACE.fullmatch(namespace):
        raise StatementRefused(_("The file is XML, but no CAMT.053 of the versions 001.02 to 001.08."))
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def _bookings(statement: Element) -> Iterator[Booking]:
    for entry in statement.findall("Ntry"):
        if (_text(entry, "Sts/Cd") or _text(entry, "Sts")) == "BOOK":
            yield from _parts(entry)


def _parts(entry: Element) -> Iterator[Booking]:
    """The movements of one entry: of a batch each, where the bank says what each is worth; else the whole of it."""
    whole = _amount(entry.find("Amt"))
    details = entry.findall("NtryDtls/TxDtls")
    amounts = [_part_amount(detail) for detail in details]
    if len(details) > 1 and None not in amounts and _sum(amounts) == whole:
        for place, (detail, amount) in enumerate(zip(details, amounts, strict=True), start=1):
            yield _booking(entry, detail, amount, place)  # type: ignore[arg-type]
    else:
        yield _booking(entry, details[0] if len(details) == 1 else entry, whole, 0)


def _booking(entry: Element, detail: Element, amount: tuple[Decimal, str], place: int) -> Booking:
    is_credit, is_reversal = _text(entry, "CdtDbtInd") == "CRDT", _text(entry, "RvslInd") in ("true", "1")
    side = "Dbtr" if is_credit else "Cdtr"
    reference = _reference(detail, entry, place)
    return Booking(
        booked_on=_day(entry),
        amount=amount[0],
        currency=amount[1],
        is_credit=is_credit,
        is_return=is_reversal or detail.find("RtrInf") is not None,
        text=_remittance(detail, entry),
        creditor_reference=_text(detail, "RmtInf/Strd/CdtrRefInf/Ref"),
        payer=_text(detail, f"RltdPties/{side}/Nm") or _text(detail, f"RltdPties/{side}/Pty/Nm"),
        payer_iban=_text(detail, f"RltdPties/{side}Acct/Id/IBAN"),
        bank_reference=reference,
    )


def _reference(detail: Element, entry: Element, place: int) -> str:
    """The bank's own: of the transaction, or of the entry with its part's number. An `NtryRef` is of one file only."""
    own = _text(detail, "Refs/AcctSvcrRef")
    if own.upper() not in NO_REFERENCE and place == 0:
        return own
    whole = _text(entry, "AcctSvcrRef")
    parts = [part for part in (whole, own) if part.upper() not in NO_REFERENCE]
    return "/".join([*parts, str(place)] if place and parts else parts)


def _remittance(detail: Element, entry: Element) -> str:
    """What the payer wrote; the end-to-end reference, in which companies' systems write it, comes with it."""
    lines = [element.text or "" for element in detail.findall("RmtInf/Ustrd")]
    end_to_end = _text(detail, "Refs/EndToEndId")
    if end_to_end.upper() not in NO_REFERENCE:
        lines.append(end_to_end)
    if not lines:
        lines = [_text(entry, "AddtlNtryInf")]
    return _clean(" ".join(lines))


def _part_amount(detail: Element) -> tuple[Decimal, str] | None:
    found = detail.find("Amt")
    if found is None:
        found = detail.find("AmtDtls/TxAmt/Amt")
    return None if found is None else _amount(found)


def _sum(amounts: Iterable[tuple[Decimal, str] | None]) -> tuple[Decimal, str] | None:
    """None where the currencies differ."""
    known = [amount for amount in amounts if amount]
    currencies = {currency for _amount, currency in known}
    return (sum((value for value, _ in known), Decimal(0)), currencies.pop()) if len(currencies) == 1 else None


def _amount(element: Element | None) -> tuple[Decimal, str]:
    """Raises `StatementRefused`."""
    text = (element.text or "").strip() if element is not None else ""
    currency = element.get("Ccy", "") if element is not None else ""
    try:
        amount = Decimal(text if re.fullmatch(r"[0-9.]{1,20}", text) else "NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if (
        not amount.is_finite()
        or amount >= LARGEST
        or amount != round(amount, 2)
        or not re.fullmatch(r"[A-Z]{3}", currency)
    ):
        raise StatementRefused(_("The file is damaged: an amount is missing or none."))
    return amount, currency


def _day(entry: Element) -> date:
    """When it was booked, or else when it counts from. Raises `StatementRefused`."""
    for path in ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"):
        if text := _text(entry, path):
            try:
                return datetime.fromisoformat(text[:10]).date()
            except ValueError:
                break
    raise StatementRefused(_("The file is damaged: an entry has no day."))


def _text(element: Element, path: str) -> str:
    return _clean(element.findtext(path) or "")


def _clean(text: str) -> str:
    """One line, of characters that the database takes."""
    return " ".join(text.replace("\0", " ").split())[:1000]

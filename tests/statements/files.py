"""Statements as banks write them."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

ACCOUNT = "GB29NWBK60161331926819"
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"


@dataclass(frozen=True)
class Movement:
    """One entry of a statement."""

    amount: str
    text: str = ""
    currency: str = "GBP"
    direction: str = "CRDT"
    reference: str = ""
    day: str = "2026-11-27"
    payer: str = "Ada Byron"
    creditor_reference: str = ""
    end_to_end: str = ""
    is_returned: bool = False
    status: str = "BOOK"


def camt(*movements: Movement, version: str = "02", account: str = ACCOUNT, extra: str = "") -> bytes:
    """A statement in one of the versions; 001.08 wraps the status and the parties' names."""
    entries = "".join(_entry(movement, version) for movement in movements)
    head = "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-28T06:00:00</CreDtTm></GrpHdr>"
    statement = f"<Stmt><Id>S1</Id><Acct><Id><IBAN>{account}</IBAN></Id></Acct>{entries}{extra}</Stmt>"
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{NAMESPACE.format(version=version)}">'
        f"<BkToCstmrStmt>{head}{statement}</BkToCstmrStmt></Document>"
    ).encode()


def _entry(movement: Movement, version: str) -> str:
    is_new = int(version) >= 8
    status = f"<Sts><Cd>{movement.status}</Cd></Sts>" if is_new else f"<Sts>{movement.status}</Sts>"
    reference = f"<AcctSvcrRef>{movement.reference}</AcctSvcrRef>" if movement.reference else ""
    return (
        f'<Ntry><Amt Ccy="{movement.currency}">{movement.amount}</Amt><CdtDbtInd>{movement.direction}</CdtDbtInd>'
        f"{status}<BookgDt><Dt>{movement.day}</Dt></BookgDt>{reference}"
        f"<NtryDtls><TxDtls>{details(movement, is_new=is_new)}</TxDtls></NtryDtls></Ntry>"
    )


def details(movement: Movement, *, is_new: bool) -> str:
    side = "Dbtr" if movement.direction == "CRDT" else "Cdtr"
    name = f"<Nm>{escape(movement.payer)}</Nm>"
    party = f"<{side}>{f'<Pty>{name}</Pty>' if is_new else name}</{side}>"
    end_to_end = f"<Refs><EndToEndId>{movement.end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>"
    unstructured = f"<Ustrd>{escape(movement.text)}</Ustrd>" if movement.text else ""
    reference = movement.creditor_reference
    structured = f"<Strd><CdtrRefInf><Ref>{reference}</Ref></CdtrRefInf></Strd>" if reference else ""
    returned = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>" if movement.is_returned else ""
    account = f"<{side}Acct><Id><IBAN>DE89370400440532013000</IBAN></Id></{side}Acct>"
    return f"{end_to_end}<RltdPties>{party}{account}</RltdPties><RmtInf>{unstructured}{structured}</RmtInf>{returned}"


SPARKASSE = (
    '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Beguenstigter/Zahlungspflichtiger";'
    '"Kontonummer/IBAN";"BIC";"Betrag";"Waehrung";"Info"\n'
    '"GB29NWBK60161331926819";"27.11.26";"27.11.26";"GUTSCHR. UEBERWEISUNG";"{text}";"Ada Byron";'
    '"DE89370400440532013000";"COBADEFF";"1.025,00";"GBP";"Umsatz gebucht"\n'
    '"GB29NWBK60161331926819";"26.11.26";"26.11.26";"ENTGELTABSCHLUSS";"Kontoführung";"";'
    '"";"";"-4,95";"GBP";"Umsatz gebucht"\n'
)
BARCLAYS = """Number,Date,Account,Amount,Subcategory,Memo
 ,27/11/2026,20-00-00 12345678,25.00,Counter Credit,"ADA BYRON {text}"
 ,26/11/2026,20-00-00 12345678,-12.50,Direct Debit,WATER
"""
TWO_COLUMNS = """Some Bank plc
Statement of account 12345678

Transaction Date;Description;Paid out;Paid in
2026-11-27;{text};;1,250.00
2026-11-26;RENT;900.00;
"""

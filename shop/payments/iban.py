"""International bank account numbers (ISO 13616), checked as banks check them."""

import re

from .errors import WrongIban

LENGTHS = {
    **{"AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29},
    **{"BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29},
    **{"ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28},
    **{"HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28},
    **{"LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20},
    **{"MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25},
    **{"QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27},
    **{"SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30},
}
"""How many characters an IBAN of each country has, after the registry that SWIFT keeps for ISO 13616."""


def checked(text: str) -> str:
    """An IBAN without blanks, in capitals. Raises `WrongIban`."""
    iban = re.sub(r"\s", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", iban, re.ASCII) or LENGTHS.get(iban[:2]) != len(iban):
        raise WrongIban(text)
    if int("".join(str(int(char, 36)) for char in iban[4:] + iban[:4])) % 97 != 1:  # ISO 7064 MOD 97-10
        raise WrongIban(text)
    return iban


def grouped(iban: str) -> str:
    """As people read it: `DE89 3704 0044 0532 0130 00`."""
    return " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))


def sort_code_and_account(iban: str) -> tuple[str, str] | None:
    """What British banks ask for instead, `20-00-00` and eight digits; None outside Britain."""
    if not iban.startswith("GB"):
        return None
    sort_code, account = iban[8:14], iban[14:]
    return f"{sort_code[:2]}-{sort_code[2:4]}-{sort_code[4:]}", account

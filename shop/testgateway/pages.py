"""The pages that people see: what the gateway is, the form for a card, the bank's question, and the way back."""

from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from .books import Payment
from .cards import CARDS

FOLDER = Path(__file__).parent / "pages_html"
STYLE = (FOLDER / "style.css").read_text()
DECLINES = {
    "card_declined": "Your bank declined the card.",
    "insufficient_funds": "There is not enough money on the card.",
    "expired_card": "The card has expired.",
    "incorrect_cvc": "The security code is wrong.",
    "incorrect_number": "This is no card number.",
    "fraudulent": "The card was declined.",
    "authentication_failed": "Your bank could not confirm that it is you.",
}
SMALLER_UNITS = {"JPY": 0, "KRW": 0, "KWD": 3, "BHD": 3}
"""How many decimals a currency has, where it is not two."""


def card_page(payment: Payment) -> str:
    error = DECLINES.get(payment.decline, "")
    shown = f'<p class="error" role="alert">{error}</p>' if error else ""
    return _page("Pay by card", "card", payment, back="cancelled", error=shown, cards=_cards())


def challenge_page(payment: Payment) -> str:
    return _page("3-D Secure", "challenge", payment)


def over_page(payment: Payment) -> str:
    return _page("Over", "over", payment, back=payment.status, status=escape(payment.status))


def home_page() -> str:
    return _framed("Test gateway", _filled("home", cards=_cards()))


def way_back(payment: Payment, outcome: str) -> str:
    """The shop's address, told how it went; what counts is what the shop hears from us, not this."""
    if not payment.return_url.startswith(("http://", "https://")):
        return "/"
    joint = "&" if "?" in payment.return_url else "?"
    return payment.return_url + joint + urlencode({"outcome": outcome})


def amount_of(payment: Payment) -> str:
    digits = SMALLER_UNITS.get(payment.currency, 2)
    return f"{payment.amount / 10**digits:,.{digits}f} {payment.currency}"


def _page(title: str, name: str, payment: Payment, *, back: str = "", **parts: str) -> str:
    number, amount = escape(payment.order_number), escape(amount_of(payment))
    content = _filled(name, number=number, amount=amount, back=escape(way_back(payment, back)), **parts)
    return _framed(title, content)


def _framed(title: str, content: str) -> str:
    return _filled("frame", title=escape(title), style=STYLE, content=content)


def _cards() -> str:
    rows = (f"<tr><td>{_grouped(number)}</td><td>{escape(card.says)}</td></tr>" for number, card in CARDS.items())
    return _filled("cards", rows="".join(rows))


def _filled(name: str, **parts: str) -> str:
    return Template((FOLDER / f"{name}.html").read_text()).substitute(parts)


def _grouped(number: str) -> str:
    return " ".join(number[i : i + 4] for i in range(0, len(number), 4))

"""What happens to each card: the whole behaviour of the gateway as one table."""

from dataclasses import dataclass
from hashlib import sha256


@dataclass(frozen=True)
class Card:
    """How a card behaves once its number is typed; the plain one pays."""

    says: str = "Pays."
    decline: str = ""
    """The code of its refusal; after 3-D Secure, where there is that."""
    asks_3ds: bool = False
    risk: int = 12
    """Of 100, as a gateway's own judgement."""
    takes_s: float = 0.0
    """How long the payment is `processing`."""
    refuses_capture: bool = False
    """Of what it let be authorised."""
    keeps_refunds: bool = False
    """What is given back stays on its way until somebody says what becomes of it."""
    disputed_after_s: float | None = None
    webhooks: str = ""
    """How its webhooks travel: a name of `courier.MANNERS`; empty: at once, one of each, in order."""


CARDS: dict[str, Card] = {
    "4242424242424242": Card(),
    "5555555555554444": Card("Pays: another card."),
    "4000000000000002": Card("Declined by the bank.", decline="card_declined"),
    "4000000000009995": Card("Declined: not enough money.", decline="insufficient_funds"),
    "4000000000000069": Card("Declined: expired.", decline="expired_card"),
    "4000000000000127": Card("Declined: wrong security code.", decline="incorrect_cvc"),
    "4100000000000019": Card("Declined: taken for a fraud.", decline="fraudulent", risk=96),
    "4000002500003155": Card("Asks for 3-D Secure.", asks_3ds=True),
    "4000008400001629": Card("Asks for 3-D Secure, then is declined.", asks_3ds=True, decline="authentication_failed"),
    "4000000000009235": Card("Pays, and the gateway finds it risky.", risk=80),
    "4000000000000077": Card("Pays after a while: it is processing first.", takes_s=5.0),
    "4000000000000341": Card("Pays; what is only authorised can't be captured later.", refuses_capture=True),
    "4000000000007726": Card("Pays; what is given back is on its way until told otherwise.", keeps_refunds=True),
    "4000000000000259": Card("Pays; the holder disputes it.", disputed_after_s=2.0),
    "4000000000000101": Card("Pays; each webhook comes twice.", webhooks="twice"),
    "4000000000000119": Card("Pays; webhooks come late.", webhooks="late"),
    "4000000000000143": Card(
        "Asks for 3-D Secure; webhooks come in the wrong order.", asks_3ds=True, webhooks="reversed"
    ),
    "4000000000000135": Card("Pays; webhooks are lost.", webhooks="lost"),
}
"""By number. The first ones are those by which Stripe's own test mode is known."""

MALFORMED = Card(decline="incorrect_number")


def card_numbered(number: str) -> Card:
    """A number that nobody knows is refused."""
    return CARDS.get("".join(filter(str.isdigit, number)), MALFORMED)


def fingerprint_of(number: str) -> str:
    """The same for the same card, and no way back to its number."""
    digits = "".join(filter(str.isdigit, number))
    return f"fp_{sha256(f'test gateway {digits}'.encode()).hexdigest()[:16]}"

"""Why a payment failed, as the buyer may be told: gateways' codes in sentences."""

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, Promise] = {
    "insufficient_funds": _("There was not enough money on the card. You can try another one."),
    "expired_card": _("The card has expired. You can try another one."),
    "incorrect_cvc": _("The security code was wrong. Please try again."),
    "incorrect_number": _("The card's number was wrong. Please try again."),
    "authentication_failed": _("Your bank could not confirm that it was you. Please try again."),
}
"""What is not here is not told: who tries stolen cards learns nothing from us."""
REFUSED = _("Your bank refused the charge when we sent your order. Please pay with another card, or another way.")


def sentence_for(code: str) -> str:
    return str(SENTENCES.get(code) or gettext("The payment was declined. You can try again, or with another card."))

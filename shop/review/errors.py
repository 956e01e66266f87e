"""What callers of reviews may catch. Each text is a sentence for whoever asked."""

from django.utils.translation import gettext as _

from shop.fulfilment.errors import FulfilmentRefused


class AlreadyDecided(FulfilmentRefused):
    """Somebody else was faster: the review waits no more."""

    def __str__(self) -> str:
        return _("Somebody else has decided on this order meanwhile.")


class ReasonMissing(FulfilmentRefused):
    """Whoever comes next to a held order must know why it was held, and why it went on."""

    def __str__(self) -> str:
        return _("Please say why.")


class MoreFound(FulfilmentRefused):
    """Whoever decides has not seen why the order is held, or why else: its payment is disputed, or its money was let
    go."""

    def __str__(self) -> str:
        return _("Something was found about this order that you have not seen. Please look again.")

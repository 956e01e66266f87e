"""What callers of the actions may catch. Each text is a sentence for whoever asked."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


class FulfilmentRefused(ValueError):
    """It can't be done like this; nothing was written."""


class NothingChosen(FulfilmentRefused):
    def __str__(self) -> str:
        return _("Choose at least one piece that is neither sent nor cancelled.")


class TooMany(FulfilmentRefused):
    def __str__(self) -> str:
        return _("No more pieces can be chosen than are open.")


class Changed(FulfilmentRefused):
    """Somebody sent or cancelled pieces meanwhile."""

    def __init__(self, title: str, num_open: int) -> None:
        self.title, self.num_open = title, num_open
        super().__init__(title, num_open)

    def __str__(self) -> str:
        text = ngettext(
            "Somebody has changed the order meanwhile: %(n)d piece of “%(title)s” is open now. Please look again.",
            "Somebody has changed the order meanwhile: %(n)d pieces of “%(title)s” are open now. Please look again.",
            self.num_open,
        )
        return text % {"n": self.num_open, "title": self.title}


class WrongState(FulfilmentRefused):
    """The order's state does not allow it; `status` is its name, as people read it."""

    def __init__(self, status: str) -> None:
        self.status = status
        super().__init__(status)


class NotToBeShipped(WrongState):
    def __str__(self) -> str:
        return _("An order that is “%(status)s” can't be sent.") % {"status": self.status}


class NotCovered(FulfilmentRefused):
    """What it costs is neither paid nor set aside any more; `is_begun` says whether some of it was sent."""

    def __init__(self, *, is_begun: bool) -> None:
        self.is_begun = is_begun
        super().__init__(is_begun)

    def __str__(self) -> str:
        if self.is_begun:
            return _(
                "What is open of this order is neither paid nor set aside. Its buyer can pay it on the order's page."
                " Note the payment when it has come, or cancel what was not sent."
            )
        return _(
            "This order is neither paid nor set aside any more. Hold and release it, and it waits for its buyer to pay"
            " again; note the payment when it has come; or cancel it."
        )


class NotToBeCancelled(WrongState):
    def __str__(self) -> str:
        return _("An order that is “%(status)s” can't be cancelled.") % {"status": self.status}


class NotHeld(WrongState):
    def __str__(self) -> str:
        return _("The order is not held: it is “%(status)s”.") % {"status": self.status}


class AlreadyShipped(FulfilmentRefused):
    """Of an order that is to be cancelled as a whole."""

    def __str__(self) -> str:
        return _("Some of it is sent already: cancel what is still open.")


class NotYours(FulfilmentRefused):
    """A buyer's own cancelling, refused; the text says why."""

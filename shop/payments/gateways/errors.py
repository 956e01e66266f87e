"""What callers of gateways may catch."""

from django.utils.translation import gettext as _


class GatewayError(Exception):
    """Base of all of them."""


class Declined(GatewayError):
    """The buyer's bank or the gateway refuses the payment. `code` is the gateway's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NeedsAction(GatewayError):
    """The buyer must do something first, at `url` where that is known."""

    def __init__(self, url: str = "") -> None:
        super().__init__(url)
        self.url = url


class Refused(GatewayError):
    """The gateway will not do it: more than is left, the wrong moment, a key that is wrong. Nothing was done."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


class GatewayUnreachable(GatewayError):
    """No answer that can be read. Whether the call was carried out is unknown: make it again with the same key."""


class NotConfigured(GatewayError):
    """The store doesn't pay by this gateway, or never told its keys."""


class NotPayable(GatewayError):
    """The order takes no payment (any more)."""


class StillNeeded(GatewayError):
    """Something was sent for what is set aside, or it is being taken: it is not let go."""


class WrongWebhook(GatewayError):
    """Base of why a webhook is not taken. Nothing of it is kept."""


class WrongSignature(WrongWebhook):
    """Signed with another secret, or not at all."""


class StaleWebhook(WrongWebhook):
    """Rightly signed, but too long ago: somebody may be sending it again."""


class UnreadableWebhook(WrongWebhook):
    """Rightly signed, and nothing that this gateway would say."""

    def __str__(self) -> str:
        return _("It can't be read: this is nothing that the gateway would say.")


class MoneyDiffers(GatewayError):
    """The gateway speaks of another amount or currency than we asked for. Nothing of it is noted."""


class TooEarly(GatewayError):
    """It tells of something whose beginning we have not heard of yet, such as a refund of what was not captured."""


class UnknownPayment(GatewayError):
    """No payment of this store has the reference."""

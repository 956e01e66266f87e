"""What callers of payments may catch."""


class UnknownMethod(LookupError):
    """No payment method has this code."""


class WrongDetails(ValueError):
    """What a method must know to be offered (its bank account, say) is missing or wrong."""


class OverRefund(ValueError):
    """More would go back than was paid; nothing was noted."""


class WrongMoney(ValueError):
    """An amount that is not positive, or in another currency than the order; nothing was noted."""


class NotWaiting(ValueError):
    """The order waits for no payment that its buyer could still make otherwise."""


class KeyReused(ValueError):
    """The same key was noted for something else; nothing was noted."""


class WrongIban(ValueError):
    """Not an IBAN."""


class SealBroken(ValueError):
    """No key of this installation opens what was sealed: its keys were changed, or the row came from elsewhere."""


class PaidMeanwhile(Exception):
    """Money came in since whoever notes a payment looked."""


class RefundedMeanwhile(OverRefund):
    """Money went back since whoever asks for a refund looked."""

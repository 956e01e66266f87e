"""What callers of payments may catch."""


class UnknownMethod(LookupError):
    """No payment method has this code."""


class WrongDetails(ValueError):
    """What a method must know to be offered (its bank account, say) is missing or wrong."""


class WrongIban(ValueError):
    """Not an IBAN."""

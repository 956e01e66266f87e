"""What callers of the operators' actions may catch."""


class MerchantTaken(ValueError):
    """Another merchant of the installation has this short name."""


class VisitRefused(ValueError):
    """The way in was used already, is too old, or was never granted."""

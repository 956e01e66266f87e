"""What callers of the tenancy may catch."""


class NoScope(RuntimeError):
    """Something needed to know the merchant, and no `merchant_scope` is open."""


class UnknownMerchant(LookupError):
    """No merchant has this slug."""


class UnclassifiedTable(RuntimeError):
    """A table of the database is in no class of the tenancy plan; nothing may be served until it is."""


class HostTaken(ValueError):
    """The host name belongs to a store already, of this merchant or of another."""


class SlugTaken(ValueError):
    """Another store of the merchant has this short name."""


class NoStore(RuntimeError):
    """Something needed to know the store, and none is being served."""

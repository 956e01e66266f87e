"""What consumers raise, and what the outbox does."""


class Rejected(Exception):
    """Raised by a consumer for what no further try can mend: the delivery is parked at once, with these words."""


class UnknownConsumer(Rejected):
    """A delivery is for a consumer that this installation does not have (any more)."""


class AlreadySubscribed(RuntimeError):
    """Two consumers have one name."""

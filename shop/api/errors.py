"""What callers of the API's actions may catch."""


class KeyRefused(ValueError):
    """The key can't be made like this; the text says why."""


class PlacementDiffers(ValueError):
    """The same idempotency key came with another order."""

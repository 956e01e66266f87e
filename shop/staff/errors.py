"""What callers of the staff's actions may catch."""


class RoleRefused(ValueError):
    """The role can't be given like this; the text says why."""


class LastOwner(RoleRefused):
    """A merchant without an owner could not be given one again."""

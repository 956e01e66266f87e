"""What callers of customers' accounts may catch."""


class StaffAccount(Exception):
    """Who works for the merchant cannot close the account alone: somebody takes the rights back first."""

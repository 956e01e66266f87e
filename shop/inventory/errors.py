"""What callers of the stock may catch. `str()` is a sentence in the reader's language."""

from django.utils.translation import gettext as _


class StockRefused(ValueError):
    """Stock can't be moved as it was asked; nothing was."""


class NotThere(StockRefused):
    """There is less at a location than is to leave it, or the rest is owed to other orders."""

    def __init__(self, location: object, skus: list[str]) -> None:
        self.location, self.skus = location, skus
        super().__init__(location, skus)

    def __str__(self) -> str:
        said = {"skus": ", ".join(self.skus), "location": self.location}
        return _("There is not enough of %(skus)s at %(location)s.") % said

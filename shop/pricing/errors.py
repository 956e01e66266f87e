"""What callers of the pricing may catch. Each says, in the reader's language, what is wrong; nothing was written."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _


class PricingRefused(Exception):
    """Base of all of them. `str()` is a sentence."""


class UnknownPriceList(PricingRefused, LookupError):
    """The merchant has no such list."""

    def __str__(self) -> str:
        return _("There is no such price list.")


class TermsRefused(PricingRefused):
    """A price list can't be as it was asked for. Made with the sentence that says why."""

    def __init__(self, reason: str, *, field: str | None = None) -> None:
        self.field = field
        """Of the terms, the one that is wrong, where it is a single one."""
        super().__init__(reason)


class ChangedMeanwhile(PricingRefused):
    """Somebody has changed the list since it was looked at."""

    def __str__(self) -> str:
        return _("Somebody has changed this list since you opened it, so that nothing was saved yet.")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one of several changes."""

    index: int
    """Of the change, from nought."""
    reason: str


class ChangesRefused(PricingRefused):
    """Some changes of a price list can't be made, so that none was. `problems` names them all, in their order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(*self.problems)

    def __str__(self) -> str:
        return " ".join(dict.fromkeys(problem.reason for problem in self.problems))

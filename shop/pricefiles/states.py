"""What a price file goes through, and the words that its rows are sorted by."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    CHANGE = "change", _("change only what the file names")
    REPLACE = "replace", _("replace the list: what isn't in the file is taken out")


class State(models.TextChoices):
    """Each names the states that may follow it in `NEXT`."""

    READING = "reading", _("is being read")
    COMPARED = "compared", _("waits for sign-off")
    REFUSED = "refused", _("can't be read")
    PUBLISHING = "publishing", _("is being published")
    PUBLISHED = "published", _("published")
    UNDONE = "undone", _("undone")
    FAILED = "failed", _("stopped by an error")
    WITHDRAWN = "withdrawn", _("withdrawn")

    def leads_to(self, other: "State") -> bool:
        return other in NEXT[self]

    @property
    def is_at_work(self) -> bool:
        """Whether something is done with the file, so that the list takes no other."""
        return self in {State.READING, State.PUBLISHING}


NEXT: dict[State, frozenset[State]] = {
    State.READING: frozenset({State.READING, State.COMPARED, State.REFUSED, State.FAILED, State.WITHDRAWN}),
    State.COMPARED: frozenset({State.READING, State.PUBLISHING, State.WITHDRAWN}),
    State.REFUSED: frozenset({State.WITHDRAWN}),
    State.PUBLISHING: frozenset({State.READING, State.PUBLISHED, State.FAILED, State.WITHDRAWN}),
    State.PUBLISHED: frozenset({State.UNDONE}),
    State.UNDONE: frozenset(),
    State.FAILED: frozenset({State.READING, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}


class Outcome(models.TextChoices):
    """What a file does to one price. What it leaves as it is has no row."""

    ADDED = "added", _("added")
    CHANGED = "changed", _("changed")
    REMOVED = "removed", _("taken out")
    REFUSED = "refused", _("refused")


class Step(models.TextChoices):
    """What is done at the moment."""

    READ = "read", _("rows read")
    COMPARED = "compared", _("rows compared with the list")
    NOTED = "noted", _("differences noted")
    ADDED = "added", _("prices added")

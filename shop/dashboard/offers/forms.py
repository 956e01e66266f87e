from typing import Any

from oscar.apps.dashboard.offers import forms as oscars
from oscar.apps.dashboard.offers.forms import *  # noqa: F403 - Oscar looks for its other forms here

from shop.pricing.dashboard.names import refuse_other_years


class OfSensibleYears:
    """Of a form that says when something starts and ends."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start_datetime", "end_datetime"):
            self.fields[name].validators.append(refuse_other_years)  # type: ignore[attr-defined]


class RestrictionsForm(OfSensibleYears, oscars.RestrictionsForm):
    def clean(self) -> dict[str, Any]:
        """Oscar compares fields without asking whether each was right."""
        return self.cleaned_data if self.errors else super().clean()

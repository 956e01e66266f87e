from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.models import modelformset_factory
from oscar.apps.basket import formsets

from .forms import BasketLineForm, SavedLineForm
from .models import Line


@dataclass(frozen=True)
class LineRow:
    """A line as a page shows it in the form of its basket: what is in its fields, and what was wrong with that."""

    line: Line
    prefix: str
    """Of the names of its fields: `form-0`."""
    quantity: Any
    most: int | None
    """More than these are not sold; None where that is not known."""
    errors: tuple[str, ...] = ()


class LoadedLines:
    """The lines are loaded together: Django's field would ask for each one again to see whether it exists.

    A number that is of none of these lines makes a form without a line, which changes nothing.
    """

    def get_queryset(self) -> list[Line]:
        return self.queryset  # type: ignore[attr-defined]

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)  # type: ignore[misc]
        form.fields["id"] = forms.IntegerField(initial=form.instance.pk, required=False, widget=forms.HiddenInput)


class BaseBasketLineFormSet(LoadedLines, formsets.BaseBasketLineFormSet):
    @property
    def lines(self) -> list[Line]:
        """Those that there is something to show of."""
        return [form.instance for form in self] if self.is_bound else self.get_queryset()

    @property
    def rows(self) -> Iterator[LineRow]:
        """What there is to show. A form is made only for what was sent: it is as dear as the rest of its line."""
        if not self.is_bound:
            lines = self.get_queryset()
            room = lines[0].basket.max_allowed_quantity()[0] if lines else None
            for index, line in enumerate(lines):
                yield LineRow(line, self.add_prefix(index), line.quantity, line.most(room))
            return
        for form in self:
            field, line = form["quantity"], form.instance
            errors = (*field.errors, *form.non_field_errors())
            most = line.most(line.basket.max_allowed_quantity()[0])
            yield LineRow(line, form.prefix, field.value(), most, errors)


class BaseSavedLineFormSet(LoadedLines, formsets.BaseSavedLineFormSet):
    pass


BasketLineFormSet = modelformset_factory(
    Line, form=BasketLineForm, formset=BaseBasketLineFormSet, extra=0, can_delete=True
)
SavedLineFormSet = modelformset_factory(
    Line, form=SavedLineForm, formset=BaseSavedLineFormSet, extra=0, can_delete=True
)

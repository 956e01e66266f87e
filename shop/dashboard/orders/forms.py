"""What staff say when they do something to an order."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from shop.fulfilment.actions.shipping import Parcel
from shop.fulfilment.models import Shipment
from shop.fulfilment.parts import Part
from shop.inventory.models import Location
from shop.order.models import Line

FIELD = re.compile(r"part-(\d{1,18})-of-(\d{1,9})", re.ASCII)
"""The name of a field: of which line, and how many of its pieces were open when the page was made."""
TAKES_ALL = "takes_all"
"""The button that takes every piece that the page shows as open."""


@dataclass(frozen=True)
class PartField:
    """How many pieces of a line are asked for. A form's own field for each would cost a second for a thousand lines."""

    line: Line
    value: str

    @property
    def name(self) -> str:
        return f"part-{self.line.pk}-of-{self.line.num_open}"


def part_fields(lines: Iterable[Line], data: QueryDict, proposed: Callable[[Line], int]) -> Iterator[PartField]:
    """Of each open line, as it was typed, or else with what is proposed."""
    for line in lines:
        if line.num_open:
            field = PartField(line, str(proposed(line)))
            yield PartField(line, data.get(field.name, field.value))


def parts_in(data: QueryDict) -> dict[int, Part]:
    """The parts that a page's fields ask for. Raises `ValidationError` for what is no number."""
    found = ((FIELD.fullmatch(name), value) for name, value in data.items())
    asked = ((int(match[1]), int(match[2]), value) for match, value in found if match)
    parts = {pk: Part(of if TAKES_ALL in data else _pieces(value), of) for pk, of, value in asked}
    return {pk: part for pk, part in parts.items() if part.pieces}


def _pieces(text: str) -> int:
    text = text.strip() or "0"
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise ValidationError(_("“%(text)s” is no number of pieces."), params={"text": text[:20]})
    return int(text)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), required=False, max_length=254)


class ParcelForm(forms.ModelForm):
    """How a parcel travels."""

    tracking_url = forms.URLField(label=_("Tracking link"), required=False, max_length=500, assume_scheme="https")

    class Meta:
        model = Shipment
        fields = ["carrier", "tracking_number", "tracking_url"]

    def parcel(self) -> Parcel:
        return Parcel(**{name: self.cleaned_data[name] for name in ParcelForm.Meta.fields})


class SendForm(ParcelForm):
    """From where a parcel leaves, too."""

    location = forms.ModelChoiceField(
        Location.objects.none(), label=_("Sent from"), required=False, empty_label=_("Where each piece is kept")
    )
    field_order = ["location"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = Location.objects.active()


class NoteForm(forms.ModelForm):
    class Meta:
        model = get_model("order", "OrderNote")
        fields = ["message"]
        labels = {"message": _("Note")}
        widgets = {"message": forms.Textarea(attrs={"rows": 3})}

"""What a buyer sends: lines that are typed, pasted or in a file, and the rows of a review as they were corrected."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from .entries import LONGEST_CODE, LONGEST_QUANTITY, MOST_ENTRIES, Entry, entries_in, plain, whole
from .errors import Unreadable
from .uploads import entries_of

LONGEST_TITLE = 255
LONGEST_TEXT = 100_000


class LinesForm(forms.Form):
    """Lines to be ordered, which are `entries` when the form is valid. `room` is how many a review has room for."""

    text = forms.CharField(
        label=_("Numbers and quantities"),
        required=False,
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea,
        error_messages={"max_length": _("That is more text than a quick order takes. Please order it in parts.")},
        help_text=_("A product in each line: its number, then how many. Rows copied from a spreadsheet will do."),
    )
    file = forms.FileField(
        label=_("or a file"),
        required=False,
        help_text=_("CSV or XLSX, with a column of numbers and one of quantities."),
        error_messages={"empty": _("The file is empty.")},
    )

    def __init__(self, *args: Any, room: int = MOST_ENTRIES, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.room = room
        self.entries: list[Entry] = []

    def clean_text(self) -> str:
        self._read(entries_in, self.cleaned_data["text"])
        return self.cleaned_data["text"]

    def clean_file(self) -> Any:
        self._read(entries_of, self.cleaned_data["file"])
        return self.cleaned_data["file"]

    def clean(self) -> dict[str, Any]:
        if len(self.entries) > self.room:
            raise forms.ValidationError(
                _("That is more than %(most)d lines. Please order them in parts."), params={"most": MOST_ENTRIES}
            )
        return self.cleaned_data

    def _read(self, read: Any, source: Any) -> None:
        try:
            self.entries += read(source) if source else []
        except Unreadable as error:
            raise forms.ValidationError(str(error)) from error


def rows_in(data: QueryDict) -> list[Entry]:
    """The rows of a review as they were sent back, without that which was to be taken off."""
    rows = []
    for number in range(MOST_ENTRIES):
        if f"row-{number}-quantity" not in data:
            break
        if data.get("drop") != str(number):
            rows.append(_row(data, number))
    return rows


def _row(data: QueryDict, number: int) -> Entry:
    """A button may say another quantity: so many as there are."""
    sent = {name: data.get(f"row-{number}-{name}", "") for name in ("code", "quantity", "product", "order", "title")}
    taken, _colon, quantity = data.get("take", "").partition(":")
    return Entry(
        code=plain(sent["code"])[:LONGEST_CODE],
        quantity=plain(quantity if taken == str(number) else sent["quantity"])[:LONGEST_QUANTITY],
        product_id=whole(sent["product"]),
        order_line_id=whole(sent["order"]),
        title=plain(sent["title"])[:LONGEST_TITLE],
    )

"""What staff say about statements and their entries."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.order.models import Order
from shop.payments.iban import grouped
from shop.payments.models import StorePaymentMethod
from shop.statements.actions import LARGEST_FILE_B
from shop.statements.models import EntryState
from shop.statements.readers.csv_table import COLUMNS, Layout, Sheet


class StatementForm(forms.Form):
    file = forms.FileField(label=_("File of the bank"), help_text=_("CAMT.053 (XML) or CSV, 10 MB at most."))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE_B:
            raise forms.ValidationError(_("The file is larger than 10 MB: divide it."))
        return file


class ColumnsForm(forms.Form):
    """Which column of a CSV file holds what: a field for each of `COLUMNS`."""

    account = forms.ChoiceField(label=_("Of this account"), required=False)
    decimal_mark = forms.ChoiceField(label=_("Amounts are written"), choices=[(",", "1.234,50"), (".", "1,234.50")])
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$", label=_("Currency, where no column says it"), required=False, max_length=3
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        headings = [(str(place), heading or str(place + 1)) for place, heading in enumerate(sheet.header)]
        for name, label in COLUMNS.items():
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=label, required=False, choices=[("", "–"), *headings]
            )
        self.fields["account"].choices = [("", "–"), *_accounts()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not said.get("column_booked_on"):
            self.add_error("column_booked_on", _("Say which column holds the day."))
        if not any(said.get(f"column_{name}") for name in ("amount", "credit", "debit")):
            self.add_error("column_amount", _("Say which column holds the amount."))
        if not (said.get("column_currency") or said.get("currency")) and "currency" not in self.errors:
            self.add_error("currency", _("Say the currency, or which column holds it."))
        return said

    @property
    def layout(self) -> Layout:
        """What was said, as a value."""
        said = self.cleaned_data
        columns = {name: int(said[f"column_{name}"]) for name in COLUMNS if said[f"column_{name}"]}
        return Layout(columns, said["decimal_mark"], said["currency"].upper())


def said_before(layout: Layout, *, account: str) -> dict[str, Any]:
    """What the form begins with."""
    columns = {f"column_{name}": str(place) for name, place in layout.columns.items()}
    return {**columns, "account": account, "decimal_mark": layout.decimal_mark, "currency": layout.currency}


class MatchForm(forms.Form):
    number = forms.CharField(label=_("Order"), max_length=128)
    amount = forms.DecimalField(label=_("Amount"), max_digits=14, decimal_places=2, min_value=Decimal("0.01"))

    def clean_number(self) -> str:
        """Of an order that there is; `order` is it."""
        number = self.cleaned_data["number"].strip().upper()
        self.order = Order.objects.filter(number__iexact=number).first()
        if self.order is None:
            raise forms.ValidationError(_("There is no order %(number)s."), params={"number": number[:40]})
        return number


class AsideForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300)


class EntrySearchForm(forms.Form):
    state = forms.ChoiceField(required=False, choices=EntryState.choices, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Payer, text or amount"), required=False, max_length=100)


def _accounts() -> list[tuple[str, str]]:
    """Those that stores tell buyers to pay to."""
    rows = StorePaymentMethod.objects.filter(code="bank_transfer").values_list("details__iban", flat=True)
    return [(iban, grouped(iban)) for iban in sorted({iban for iban in rows if iban})]

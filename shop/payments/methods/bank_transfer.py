"""Payment in advance: the buyer transfers the amount with the order number as reference, then the goods are sent."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shop.order.statuses import OrderStatus

from .. import iban
from ..contract import Due, Instructions, Payer, PaymentMethod
from ..errors import WrongIban
from ..references import creditor_reference

BIC = RegexValidator(r"^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$", _("Not a BIC (ISO 9362), such as DEUTDEFF."))


DAYS_TO_PAY = 14


class BankAccountForm(forms.Form):
    holder = forms.CharField(label=_("Account holder"), max_length=70)
    iban = forms.CharField(label=_("IBAN"), max_length=42)
    bic = forms.CharField(label=_("BIC"), max_length=11, required=False, validators=[BIC])
    bank = forms.CharField(label=_("Bank"), max_length=70, required=False)
    days_to_pay = forms.IntegerField(
        label=_("Days to pay"),
        min_value=1,
        max_value=365,
        initial=DAYS_TO_PAY,
        required=False,
        help_text=_("After that many days an order of which nothing was paid is cancelled, and its stock is free."),
    )

    def clean_iban(self) -> str:
        try:
            return iban.checked(self.cleaned_data["iban"])
        except WrongIban as error:
            raise forms.ValidationError(_("Not a valid IBAN; look for a typing error.")) from error

    def clean_days_to_pay(self) -> int:
        return self.cleaned_data["days_to_pay"] or DAYS_TO_PAY


class BankTransfer(PaymentMethod):
    code = "bank_transfer"
    name = _("Bank transfer")
    note = _("You transfer the amount, and we send your order as soon as it has arrived.")
    placed_as = OrderStatus.AWAITING_PAYMENT
    details_form = BankAccountForm
    moves_by_hand = True

    def __init__(self, details: Mapping[str, Any]) -> None:
        self.account = details
        self.days_to_pay = timedelta(days=details.get("days_to_pay") or DAYS_TO_PAY)

    def is_available_to(self, payer: Payer) -> bool:
        return True

    def waits_until(self, placed_on: date) -> date:
        return placed_on + self.days_to_pay

    def instructions(self, due: Due) -> Instructions:
        """The account, as banks of its country ask for it, and the reference by which the payment is recognised."""
        text = gettext("Please transfer the amount to this account. We send your order as soon as it has arrived.")
        rows = [
            (gettext("Account holder"), self.account["holder"]),
            *self._british(),
            (gettext("IBAN"), iban.grouped(self.account["iban"])),
            (gettext("BIC"), self.account.get("bic", "")),
            (gettext("Bank"), self.account.get("bank", "")),
            (gettext("Amount"), due.amount),
            (gettext("Please pay by"), date_format(due.due_on, "DATE_FORMAT") if due.due_on else ""),
            (gettext("Payment reference"), due.order_number),
            (gettext("Structured reference"), self._structured(due)),
        ]
        return Instructions(text, tuple((name, value) for name, value in rows if value))

    def _structured(self, due: Due) -> str:
        """For those whose bank or books ask for one: nobody in Britain knows ISO 11649."""
        number = "" if self.account["iban"].startswith("GB") else creditor_reference(due.order_number)
        return iban.grouped(number)

    def _british(self) -> list[tuple[str, str]]:
        numbers = iban.sort_code_and_account(self.account["iban"])
        return [(gettext("Sort code"), numbers[0]), (gettext("Account number"), numbers[1])] if numbers else []

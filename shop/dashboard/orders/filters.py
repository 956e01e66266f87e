"""Finding orders: what the list's address says, as conditions."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from shop.order.models import Line, Order
from shop.order.statuses import OrderStatus
from shop.staff.reach import Reach
from shop.stores.models import Store

from .money import CONDITIONS, Payment, with_money

ANY = ("", _("any"))


class DateInput(forms.DateInput):
    input_type = "date"


class OrderFilterForm(forms.Form):
    """An empty field filters nothing; so does a wrong one, which says so."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Number, e-mail, name, SKU")}),
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[ANY, *OrderStatus.choices])
    payment = forms.ChoiceField(label=_("Payment"), required=False, choices=[ANY, *Payment.choices])
    store = forms.ModelChoiceField(label=_("Store"), required=False, queryset=Store.objects.none(), empty_label=ANY[1])
    company = forms.CharField(label=_("Company"), required=False, max_length=100)
    placed_from = forms.DateField(label=_("Placed from"), required=False, widget=DateInput)
    placed_until = forms.DateField(label=_("until"), required=False, widget=DateInput)
    total_from = forms.DecimalField(label=_("Total from"), required=False, min_value=0, max_digits=12, decimal_places=2)
    total_until = forms.DecimalField(label=_("to"), required=False, min_value=0, max_digits=12, decimal_places=2)

    def __init__(self, *args: Any, reach: Reach, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["store"].queryset = reach.stores()  # type: ignore[attr-defined]

    @property
    def says_more(self) -> bool:
        """Whether something stands in the fields that are folded otherwise."""
        return any(self.data.get(name) for name in self.fields if name not in ("q", "status", "payment"))

    def narrow(self, orders: QuerySet[Order]) -> QuerySet[Order]:
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value not in ("", None)}
        for name, value in said.items():
            orders = _matching(orders, name, value)
        return orders


def _matching(orders: QuerySet[Order], name: str, value: Any) -> QuerySet[Order]:
    match name:
        case "q":
            return orders.filter(_found(value))
        case "payment":
            return with_money(orders).filter(CONDITIONS[value])
        case "company":
            return orders.filter(Q(company__name__icontains=value) | Q(company__code__iexact=value))
        case "placed_from":
            return orders.filter(date_placed__gte=_moment(value, time.min))
        case "placed_until":
            return orders.filter(date_placed__lte=_moment(value, time.max))
        case "total_from":
            return orders.filter(total_incl_tax__gte=value)
        case "total_until":
            return orders.filter(total_incl_tax__lte=value)
    return orders.filter(**{name: value})


def _found(text: str) -> Q:
    """By how the number begins, by e-mail address, by the name on the parcel, or by what was ordered."""
    text = text.strip().removeprefix("#")
    of_line = Line.objects.filter(Q(partner_sku__iexact=text) | Q(upc__iexact=text), order=OuterRef("pk"))
    person = Q(user__email__icontains=text) | Q(guest_email__icontains=text)
    named = Q(shipping_address__last_name__icontains=text) | Q(billing_address__last_name__icontains=text)
    return Q(number__istartswith=text) | person | named | Q(Exists(of_line))


def _moment(day: date, at: time) -> datetime:
    return make_aware(datetime.combine(day, at))

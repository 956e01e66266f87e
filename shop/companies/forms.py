"""What people of companies, and those who want to be, are asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.apps.address.forms import AbstractAddressForm
from oscar.forms.mixins import PhoneNumberMixin

from shop.address.fields import CountryField
from shop.address.forms import usual_country
from shop.address.models import Country
from shop.stores.models import Store

from .models import Application, Company, CompanyAddress, Unit
from .roles import MemberRole

ROLE_NOTES = {
    MemberRole.ADMIN: _("orders, and looks after people and addresses"),
    MemberRole.BUYER: _("orders, and sees their own orders"),
    MemberRole.APPROVER: _("orders, and sees every order of the company"),
    MemberRole.VIEWER: _("sees every order of the company, and orders nothing"),
}


class MembershipForm(forms.Form):
    """Somebody's role in a company, and the unit they buy for."""

    role = forms.ChoiceField(label=_("Role"), choices=MemberRole.choices, initial=MemberRole.BUYER)
    unit = forms.ModelChoiceField(
        label=_("Unit"), queryset=Unit.objects.none(), required=False, empty_label=_("the whole company")
    )

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = company.units.all()  # type: ignore[attr-defined]
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (role, f"{role.label}: {ROLE_NOTES[role]}") for role in MemberRole
        ]


class InvitationForm(MembershipForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)

    field_order = ["email"]


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ["name", "parent"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = self.instance.company.units.exclude(pk=self.instance.pk)
        self.fields["parent"].queryset = others  # type: ignore[attr-defined]
        self.fields["parent"].empty_label = _("the company itself")  # type: ignore[attr-defined]


class CompanyAddressForm(PhoneNumberMixin, AbstractAddressForm):
    """An address of one of the company's units, in any country."""

    country = CountryField(queryset=Country.objects.all())

    class Meta:
        model = CompanyAddress
        fields = [
            *("unit", "first_name", "last_name", "line1", "line2", "line3", "line4", "state", "postcode", "country"),
            *("phone_number", "notes", "is_default_for_shipping", "is_default_for_billing"),
        ]

    def __init__(self, *args: Any, company: Company, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = company.units.all()  # type: ignore[attr-defined]
        self.fields["unit"].empty_label = None  # type: ignore[attr-defined]
        if not self.initial.get("country"):
            self.initial["country"] = usual_country()


class ApplicationForm(forms.ModelForm):
    """What a store must know before it opens a trade account."""

    country = CountryField(queryset=Country.objects.all())
    consent = forms.BooleanField(
        label=_("I agree that these data are kept and used to decide on my application and to write to me.")
    )

    class Meta:
        model = Application
        fields = [
            *("company_name", "tax_id", "first_name", "last_name", "email", "phone_number"),
            *("street", "postcode", "town", "country", "message"),
        ]

    def __init__(self, *args: Any, store: Store, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.store = store
        if not self.initial.get("country"):
            self.initial["country"] = usual_country()

    def validate_unique(self) -> None:
        """Not here: whether an application of this address waits is nobody's business but its owner's."""

    def validate_constraints(self) -> None:
        """As above."""

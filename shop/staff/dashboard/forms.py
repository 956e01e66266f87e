"""What owners choose about their staff."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.core.loading import get_model

from shop.staff.models import StaffPolicy
from shop.staff.roles import Role
from shop.stores.models import Store

Partner = get_model("partner", "Partner")


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    stores = forms.ModelMultipleChoiceField(
        label=_("Stores"),
        queryset=Store.objects.none(),
        required=False,
        help_text=_("None means all stores. Owners always have all."),
    )
    partner = forms.ModelChoiceField(
        label=_("Supplier"), queryset=Partner.objects.none(), required=False, help_text=_("For the role Supplier only.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stores"].queryset = Store.objects.all()  # type: ignore[attr-defined]
        self.fields["partner"].queryset = Partner.objects.all()  # type: ignore[attr-defined]


class InvitationForm(RoleForm):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)

    field_order = ["email"]


class PolicyForm(forms.ModelForm):
    class Meta:
        model = StaffPolicy
        fields = ["requires_second_factor"]

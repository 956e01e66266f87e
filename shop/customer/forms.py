"""What customers say about themselves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from oscar.apps.customer.forms import *  # noqa: F403 - Oscar looks for its others here

from shop.accounts.forms import PasswordForm
from shop.accounts.models import User


class ProfileForm(forms.ModelForm):
    """The name. The address, with which one signs in, is changed by a letter to the new one (`shop.accounts`)."""

    class Meta:
        model = User
        fields = ["first_name", "last_name"]

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, instance=user, **kwargs)


class ChangePasswordForm(PasswordForm):
    current = forms.CharField(
        label=_("Your password now"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    field_order = ["current", "password"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("New password")

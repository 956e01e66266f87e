"""What is typed to sign in, to open an account, and to change it."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from .models import User


class SignInForm(forms.Form):
    username = forms.EmailField(label=_("E-mail address"), max_length=254)
    password = forms.CharField(label=_("Password"), widget=forms.PasswordInput, strip=False, max_length=1000)
    redirect_url = forms.CharField(widget=forms.HiddenInput, required=False)


class RegistrationForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    redirect_url = forms.CharField(widget=forms.HiddenInput, required=False)


class EmailForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), max_length=254)


class CodeForm(forms.Form):
    """A code of six figures, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false"}),
    )


class PasswordForm(forms.Form):
    """A new password, once: whoever mistypes it asks for another."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least ten characters."),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class FinishRegistrationForm(PasswordForm):
    first_name = forms.CharField(label=_("First name"), max_length=150, required=False)
    last_name = forms.CharField(label=_("Last name"), max_length=150, required=False)

    field_order = ["first_name", "last_name", "password"]


class ConfirmIdentityForm(forms.Form):
    """The account's own password once more, before something that a borrowed browser must not do."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewAddressForm(ConfirmIdentityForm):
    email = forms.EmailField(label=_("New email address"), max_length=254)

    field_order = ["email", "password"]

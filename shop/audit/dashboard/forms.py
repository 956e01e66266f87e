from django import forms
from django.utils.translation import gettext_lazy as _

KINDS = [
    ("", _("Everything")),
    ("account", _("Accounts and sign-in")),
    ("staff", _("Staff and roles")),
    ("company", _("Companies")),
    ("catalogue", _("Catalogue")),
    ("api", _("API")),
    ("operators", _("Operators of the platform")),
]


class TrailForm(forms.Form):
    """What to look for in the trail."""

    action = forms.ChoiceField(label=_("What"), choices=KINDS, required=False)
    who = forms.CharField(label=_("Who"), required=False, max_length=254, help_text=_("The whole e-mail address."))
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

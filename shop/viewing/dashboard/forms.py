"""As whom, and when."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.companies.dashboard.querysets import companies_within
from shop.companies.models import Company
from shop.staff.reach import Reach

MOST_NAMED = 5


class ViewingForm(forms.Form):
    store = forms.ModelChoiceField(label=_("Store"), queryset=None, empty_label=None)
    company = forms.CharField(
        label=_("As"),
        required=False,
        max_length=200,
        help_text=_("A company's customer number or name. Empty: a visitor who has not signed in."),
    )
    moment = forms.DateTimeField(
        label=_("Date and time"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("In UTC. Empty: now."),
    )
    shows_drafts = forms.BooleanField(
        label=_("With drafts"),
        required=False,
        help_text=_("Pages as their editors left them. Without: those that are up, or scheduled to be by then."),
    )

    def __init__(self, *args: Any, reach: Reach, may_see_drafts: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.companies = companies_within(reach)
        self.fields["store"].queryset = reach.stores()  # type: ignore[attr-defined]
        if not may_see_drafts:
            del self.fields["shows_drafts"]

    def clean_company(self) -> Company | None:
        """By its number, or by words that name one company only."""
        words = self.cleaned_data["company"].strip()
        if not words:
            return None
        exact = self.companies.filter(code__iexact=words)[:1] or self.companies.filter(name__iexact=words)[:2]
        found = exact if len(exact) == 1 else self.companies.matching(words)[: MOST_NAMED + 1]
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError(_("No company is found by this."))
        named = ", ".join(f"{company.name} ({company.code})" for company in found[:MOST_NAMED])
        raise forms.ValidationError(_("More than one company fits: %(named)s."), params={"named": named})

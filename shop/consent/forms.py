from django import forms

from .choices import Choice, Chosen


class ChoiceForm(forms.Form):
    """The answer to a cookie notice."""

    choice = forms.ChoiceField(choices=[(choice.value, choice.name) for choice in Choice])
    wording = forms.RegexField(r"\A[0-9a-f]{1,16}\Z")

    def chosen(self) -> Chosen:
        return Chosen(Choice(self.cleaned_data["choice"]), self.cleaned_data["wording"])

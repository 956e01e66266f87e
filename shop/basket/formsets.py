from django import forms
from django.forms.models import modelformset_factory
from oscar.apps.basket import formsets

from .forms import BasketLineForm, SavedLineForm
from .models import Line


class LoadedLines:
    """The lines are loaded together: Django's field would ask for each one again to see whether it exists.

    A number that is of none of these lines makes a form without a line, which changes nothing.
    """

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        super().add_fields(form, index)  # type: ignore[misc]
        form.fields["id"] = forms.IntegerField(initial=form.instance.pk, required=False, widget=forms.HiddenInput)


class BaseBasketLineFormSet(LoadedLines, formsets.BaseBasketLineFormSet):
    pass


class BaseSavedLineFormSet(LoadedLines, formsets.BaseSavedLineFormSet):
    pass


BasketLineFormSet = modelformset_factory(
    Line, form=BasketLineForm, formset=BaseBasketLineFormSet, extra=0, can_delete=True
)
SavedLineFormSet = modelformset_factory(
    Line, form=SavedLineForm, formset=BaseSavedLineFormSet, extra=0, can_delete=True
)

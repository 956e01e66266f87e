"""What staff say about rehearsals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.rehearsal.actions import LONGEST_DAYS
from shop.rehearsal.models import Kind
from shop.stores.models import Store

LINE = "line"


class RehearsalForm(forms.Form):
    days = forms.IntegerField(label=_("Orders of the last days"), min_value=1, max_value=LONGEST_DAYS, initial=90)
    store = forms.ModelChoiceField(
        label=_("Store"), queryset=Store.objects.none(), required=False, empty_label=_("all stores")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["store"].queryset = Store.objects.all()  # type: ignore[attr-defined]


class ResultForm(forms.Form):
    """Which rows of a result, in which order. What makes no sense is as if it were not said."""

    SORTS = {
        "change": _("pay less first"),
        "-change": _("pay more first"),
        "-net_before": _("most revenue first"),
        "label": _("by name"),
    }
    by = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[(Kind.COMPANY, _("companies")), (Kind.PRODUCT, _("products")), (LINE, _("lines of orders"))],
    )
    only = forms.ChoiceField(
        label=_("Only"),
        required=False,
        choices=[("", _("all")), ("changed", _("that change")), ("refused", _("that would be refused"))],
    )
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=list(SORTS.items()))
    q = forms.CharField(label=_("Name or number"), required=False, max_length=100)

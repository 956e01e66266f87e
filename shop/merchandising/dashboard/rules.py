"""What searches of each store show: synonyms, and what some of them lead to."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.forms import ModelForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from django.views.generic import CreateView, UpdateView

from shop.dashboard.stores import shown_reach
from shop.staff.reach import reach_of
from shop.staff.requests import StaffRequest
from shop.stores.models import Store

from .. import actions
from ..errors import TooMany
from ..models import LedSearch, SynonymGroup
from .forms import LedForm, SynonymForm

LIST = reverse_lazy("dashboard:search-rules")


@require_GET
def rules(request: StaffRequest) -> HttpResponse:
    """Of each store within reach."""
    stores = shown_reach(request, "merchandising.view_synonymgroup").stores().prefetch_related("synonyms")
    shown = [(store, store.led_searches.annotate(number=Count("firsts"))) for store in stores]
    return render(request, "dashboard/search_rules.html", {"shown": shown})


class _RuleForm:
    """A form that keeps a rule of a store within reach."""

    request: StaffRequest
    template_name = "dashboard/form.html"
    success_url = LIST
    model: Any
    form_class: Any
    title: Any
    permission: str

    def get_queryset(self) -> Any:
        return reach_of(self.request.user, self.permission).within(self.model.objects.select_related("store"))

    def form_valid(self, form: ModelForm) -> HttpResponse:
        try:
            self.keep(form)
        except TooMany:
            form.add_error(None, _("This store has as many as it can: remove one first."))
            return self.render_to_response(self.get_context_data(form=form))  # type: ignore[attr-defined]
        messages.success(self.request, _("Saved."))
        return redirect(LIST)

    def keep(self, form: ModelForm) -> None:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(back=LIST, **kwargs)  # type: ignore[misc]
        return context | {"title": f"{self.title} · {context['form'].instance.store.name}"}


class _NewRule(_RuleForm):
    kwargs: dict[str, Any]

    def get_form_kwargs(self) -> dict[str, Any]:
        stores = reach_of(self.request.user, self.permission).stores()
        store: Store = get_object_or_404(stores, pk=self.kwargs["store_id"])
        words = self.request.GET.get("words", "")[:100]
        return super().get_form_kwargs() | {  # type: ignore[misc]
            "instance": self.model(store=store),
            "initial": {"terms": words, "query": words},
        }


class _Synonyms(_RuleForm):
    model = SynonymGroup
    form_class = SynonymForm
    title = gettext_lazy("Synonyms")

    def keep(self, form: ModelForm) -> None:
        actions.keep_synonyms(form.instance, by=self.request.user)


class SynonymCreateView(_NewRule, _Synonyms, CreateView):
    permission = "merchandising.add_synonymgroup"


class SynonymUpdateView(_Synonyms, UpdateView):
    permission = "merchandising.change_synonymgroup"


class _Led(_RuleForm):
    model = LedSearch
    form_class = LedForm
    title = gettext_lazy("Promoted results or redirect")

    def keep(self, form: ModelForm) -> None:
        actions.keep_led(form.instance, form.cleaned_data["products"], by=self.request.user)


class LedCreateView(_NewRule, _Led, CreateView):
    permission = "merchandising.add_ledsearch"


class LedUpdateView(_Led, UpdateView):
    permission = "merchandising.change_ledsearch"


@require_POST
def remove_synonym(request: StaffRequest, pk: int) -> HttpResponse:
    return _removed(request, pk, SynonymGroup, "merchandising.delete_synonymgroup")


@require_POST
def remove_led(request: StaffRequest, pk: int) -> HttpResponse:
    return _removed(request, pk, LedSearch, "merchandising.delete_ledsearch")


def _removed(request: StaffRequest, pk: int, model: Any, permission: str) -> HttpResponse:
    within = reach_of(request.user, permission).within(model.objects.select_related("store"))
    actions.remove(get_object_or_404(within, pk=pk), by=request.user)
    messages.success(request, _("Removed."))
    return redirect(LIST)

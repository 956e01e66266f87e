import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.functional import cached_property
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from oscar.apps.basket import views
from oscar.apps.basket.views import *  # noqa: F403 - Oscar looks for its other views here
from oscar.core.utils import redirect_to_referrer

from shop.accounts.errors import TooManyAttempts
from shop.accounts.throttle import VOUCHER, count_attempt, give_back_attempt, network_of
from shop.accounts.views.frame import please_wait
from shop.audit.origin import current_origin
from shop.catalogue.families import load_for_lines
from shop.recommendations.shelves import beside_lines

from .forms import BasketLineForm, SavedLineForm
from .formsets import BaseBasketLineFormSet, BaseSavedLineFormSet
from .managers import LineQuerySet
from .middleware import held_basket
from .models import Basket, Line
from .querysets import load_for_pages, product_to_buy

LONGEST_ANSWER = 500
LINES_SHOWN = 100
"""On one page of a basket; no form of it holds more."""
MOST_WARNINGS = 20


@method_decorator(never_cache, name="dispatch")
class BasketView(views.BasketView):
    """In no cache, the browser's included: on the way back the basket is as it is now."""

    form_class = BasketLineForm
    formset_class = BaseBasketLineFormSet
    factory_kwargs = {**views.BasketView.factory_kwargs, "max_num": LINES_SHOWN, "absolute_max": LINES_SHOWN}

    @cached_property
    def page(self) -> Page:
        """The lines that are looked at."""
        return Paginator(self.request.basket.all_lines(), LINES_SHOWN).get_page(self.request.GET.get("page"))

    def get_queryset(self) -> list[Line]:
        """What was sent is looked for on all pages: a line moves to another one where those before it were removed."""
        return self.request.basket.all_lines() if self.request.method == "POST" else self.page.object_list

    def get_formset_kwargs(self) -> dict[str, Any]:
        """What Oscar takes for granted in a form that is posted, and a stranger may leave out."""
        kwargs = super().get_formset_kwargs()
        if "data" in kwargs:
            kwargs["data"] = kwargs["data"].copy()
            for name in ("MIN_NUM_FORMS", "MAX_NUM_FORMS"):
                kwargs["data"].setdefault(f"form-{name}", "")
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs, page_obj=self.page)
        load_for_pages(context["formset"].lines)
        if saved := context.get("saved_formset"):
            load_for_lines(form.instance.product for form in saved)
        its = {line.family_id for line in self.request.basket.all_lines()}
        return context | {"recommended": beside_lines(its, self.request.store) if its else []}

    def get_basket_warnings(self, basket: Basket) -> list[str]:
        """Of all lines, on whichever page; the first of them where a price list has changed many at once."""
        warnings = super().get_basket_warnings(basket)
        if more := len(warnings[MOST_WARNINGS:]):
            text = ngettext(
                "%(n)d more product has changed or can't be bought any more.",
                "%(n)d more products have changed or can't be bought any more.",
                more,
            )
            warnings[MOST_WARNINGS:] = [text % {"n": more}]
        return warnings


class SavedView(views.SavedView):
    form_class = SavedLineForm
    formset_class = BaseSavedLineFormSet

    def get_queryset(self) -> LineQuerySet:
        saved = Basket.saved.filter(owner=self.request.user).first() or Basket()
        saved.strategy = self.request.strategy
        return saved.all_lines()

    def formset_invalid(self, formset: Any) -> HttpResponse:
        """Back to the basket, with what was wrong: Oscar has no page for it."""
        for error in [error for form in formset for error in form.non_field_errors()]:
            messages.error(self.request, error)
        return redirect("basket:summary")


class BasketAddView(views.BasketAddView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.product = product_to_buy(kwargs["pk"], request.store)
        self.product.loaded_with = [line.product for line in held_basket(request).all_lines()]  # priced in one query
        return super(views.BasketAddView, self).post(request, *args, **kwargs)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Back to where it came from, with what was wrong, and what was typed in the product's form."""
        for error in [error for errors in form.errors.values() for error in errors]:
            messages.error(self.request, error)
        typed = {name: self.request.POST[name][:LONGEST_ANSWER] for name in form.fields if name in self.request.POST}
        self.request.session[f"add_to_basket_form_post_data_{self.product.pk}"] = json.dumps(typed)
        return redirect_to_referrer(self.request, "basket:summary")


class VoucherAddView(views.VoucherAddView):
    """Codes can't be found by trying: each that gives nothing counts."""

    def form_valid(self, form: Any) -> HttpResponse:
        network = network_of(current_origin().address)
        try:
            count_attempt(VOUCHER, network)
        except TooManyAttempts as refusal:
            messages.error(self.request, please_wait(refusal.wait))
            return redirect("basket:summary")
        answer = super().form_valid(form)
        if self.request.basket.pk and self.request.basket.contains_voucher(form.cleaned_data["code"]):
            give_back_attempt(VOUCHER, network)
        return answer

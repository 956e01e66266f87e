"""Why this price? Whoever asks, wherever, for however many, now or at another moment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from shop.catalogue.models import Product
from shop.companies.models import Company
from shop.partner.strategy import StorePrice, StoreStrategy
from shop.pricing.changes import LARGEST_QUANTITY
from shop.pricing.context import ListTerms, PriceContext, from_company, from_store
from shop.pricing.formats import money, trimmed
from shop.pricing.tiers import Counted
from shop.staff.requests import StaffRequest
from shop.stores.models import Store

from .names import CompanyField, MomentField, ProductField


class WhyForm(forms.Form):
    product = ProductField(label=_("SKU"))
    company = CompanyField(
        label=_("Company"), required=False, help_text=_("Customer number or name. Empty: who buys for themselves.")
    )
    store = forms.ModelChoiceField(label=_("Store"), queryset=Store.objects.none(), empty_label=None)
    currency = forms.CharField(
        label=_("Currency"),
        required=False,
        max_length=3,
        help_text=_("Empty: the store's own."),
        widget=forms.TextInput({"size": 4}),
    )
    quantity = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=LARGEST_QUANTITY)
    moment = MomentField(label=_("At"), required=False, help_text=_("UTC. Empty: now."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["store"].queryset = Store.objects.order_by("name", "pk")  # type: ignore[attr-defined]

    def clean_currency(self) -> str:
        """One in which the store sells."""
        currency, store = self.cleaned_data["currency"].upper(), self.cleaned_data.get("store")
        if currency and store and currency not in store.currencies:
            sold = ", ".join(store.currencies)
            raise forms.ValidationError(_("This store sells in %(currencies)s."), params={"currencies": sold})
        return currency


@dataclass(frozen=True)
class Asked:
    """A list of the buyer's, and what it says."""

    terms: ListTerms
    decides: bool
    is_late: bool
    """Whether it says a price too, and is not asked for it."""
    least: int | None
    """From so many pieces on it says one."""


@dataclass(frozen=True)
class Answer:
    product: Product
    context: PriceContext
    price: StorePrice | None
    """None where nothing says one."""
    asked: tuple[Asked, ...]

    @property
    def each(self) -> str:
        return money(trimmed(self.price.effective_price), self.context.currency) if self.price else ""

    @property
    def steps(self) -> list[tuple[int, str]]:
        """The prices by quantity, on the side of the tax that the buyer is shown."""
        shown = [(step.min_quantity, step.quote.unit) for step in self.price.steps] if self.price else []
        side = self.context.shows_tax
        return [(least, money(trimmed(unit.shown(with_tax=side)), unit.currency)) for least, unit in shown]


@require_GET
def why(request: StaffRequest) -> HttpResponse:
    initial = {"store": request.store.pk, "quantity": 1}
    form = WhyForm(request.GET if "product" in request.GET else None, initial=initial)
    answer = answer_to(**form.cleaned_data) if form.is_valid() else None
    return render(request, "dashboard/price_why.html", {"form": form, "answer": answer})


def answer_to(
    product: Product, *, company: Company | None, store: Store, currency: str, quantity: int, moment: datetime | None
) -> Answer:
    """What so many pieces cost a company, or somebody who buys for themselves; offers and vouchers apart."""
    at = {"moment": moment, "currency": currency or None}
    context = from_company(company, store=store, **at) if company else from_store(store, **at)
    strategy, counted = StoreStrategy(context=context), Counted(quantity)
    record = strategy.select_stockrecord(product)
    price = strategy.price(product, record, counted)
    found = price if isinstance(price, StorePrice) else None
    return Answer(product, context, found, tuple(_asked(found, counted, context)) if found else ())


def _asked(price: StorePrice, counted: Counted, context: PriceContext) -> Iterator[Asked]:
    is_decided = False
    for terms in context.lists:
        tier, decides = price.goods.tier(terms, counted.by(terms)), terms == price.quote.terms
        yield Asked(terms, decides, is_decided and tier is not None, tier.min_quantity if tier else None)
        is_decided = is_decided or decides

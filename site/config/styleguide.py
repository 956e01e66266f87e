"""The pattern page: every component of the shopper's side, in each theme, with samples instead of rows.

For development; `config.settings.dev` is what serves it. It asks the database for nothing but what the frame of a page
needs, so that what is seen depends on the theme alone.
"""

from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static

from shop.partner.cards import Card, card_of
from shop.pictures.showing import Showing
from shop.stores.current import serving
from shop.stores.models import TaxDisplay
from shop.stores.themes import BASE, installed_themes


@dataclass(frozen=True)
class SampleInfo:
    """What Oscar's PurchaseInfo says of a product."""

    price: SimpleNamespace
    availability: SimpleNamespace
    stockrecord: SimpleNamespace


@dataclass
class SampleProduct:
    """What components ask of a product."""

    pk: int
    title: str
    info: SampleInfo
    rating: float | None = None
    is_parent: bool = False
    has_options: bool = False
    children: list["SampleProduct"] = field(default_factory=list)

    def get_title(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return "#"

    def get_public_children(self) -> list["SampleProduct"]:
        return self.children

    def get_attribute_values(self) -> list[Any]:
        return []


class SampleForm(forms.Form):
    """One field of each kind, some of them wrong."""

    name = forms.CharField(label="Name", help_text="As it stands on the letter box.")
    email = forms.EmailField(label="E-mail address")
    company = forms.CharField(label="Company", required=False)
    country = forms.ChoiceField(label="Country", choices=[("GB", "United Kingdom"), ("DE", "Germany")])
    notes = forms.CharField(label="Instructions", widget=forms.Textarea, required=False)
    consent = forms.BooleanField(label="I have read the terms")
    method = forms.ChoiceField(
        label="Payment", widget=forms.RadioSelect, choices=[("bank_transfer", "Bank transfer"), ("invoice", "Invoice")]
    )
    child_id = forms.ChoiceField(label="Size", choices=[(21, "Small"), (22, "Large")])


def styleguide(request: HttpRequest, theme: str = BASE) -> HttpResponse:
    """The pattern page in one theme. 404 for a theme that is not installed, and where no store is served."""
    store = request.store  # type: ignore[attr-defined]
    if theme not in installed_themes() or store is None:
        raise Http404
    request.store = copy(store)  # type: ignore[attr-defined]
    request.store.theme = theme  # type: ignore[attr-defined]
    with serving(request.store):  # type: ignore[attr-defined]
        return HttpResponse(
            render_to_string(
                "styleguide.html", _samples(theme, with_tax=store.tax_display == TaxDisplay.INCLUSIVE), request
            )
        )


def _samples(theme: str, *, with_tax: bool) -> dict[str, Any]:
    diffuser, pillow, bottle, candle = _products(with_tax)
    return {
        "theme": theme,
        "themes": sorted(installed_themes()),
        "products": [_card(product) for product in (diffuser, pillow, bottle, candle)],
        "bottle": bottle,
        "form": SampleForm(
            {"name": "", "email": "somebody", "country": "DE", "method": "invoice", "child_id": "21"},
            auto_id="sample_%s",
        ),
        "facet_data": _facets(),
        "page_obj": Paginator(range(120), 12).page(4),
        "address": SimpleNamespace(
            active_address_fields=lambda: ["Ida Marsh", "8 Quay Street", "Bristol", "BS1 4QX", "United Kingdom"]
        ),
        "purchase_info": lambda product: product.info,
        "image_url": lambda image, size: static("themes/base/sample.svg"),
    }


def _card(product: SampleProduct) -> Card:
    return card_of(
        product, product.info, Showing(static("themes/base/sample.svg"), width=600, height=600), product=product
    )


def _products(with_tax: bool) -> list[SampleProduct]:
    variants = [
        SampleProduct(21, "Small", _info("20.00", with_tax)),
        SampleProduct(22, "Large", _info("24.00", with_tax, left=0)),
    ]
    return [
        SampleProduct(1, "Stoneware diffuser", _info("41.58", with_tax), rating=4.6),
        SampleProduct(2, "Linen eye pillow, filled with lavender and flax", _info("12.42", with_tax, left=3)),
        SampleProduct(3, "Bottle in two sizes", _info("20.00", with_tax), is_parent=True, children=variants),
        SampleProduct(4, "Beeswax candle", _info("8.25", with_tax, left=0), rating=3.0),
    ]


def _info(excl_tax: str, with_tax: bool, *, left: int = 40) -> SampleInfo:
    net = Decimal(excl_tax)
    gross = (net * Decimal("1.2")).quantize(Decimal("0.01"))
    return SampleInfo(
        price=SimpleNamespace(
            exists=True,
            is_tax_known=True,
            excl_tax=net,
            incl_tax=gross,
            currency="GBP",
            effective_price=gross if with_tax else net,
        ),
        availability=SimpleNamespace(is_available_to_buy=left > 0, num_available=left),
        stockrecord=SimpleNamespace(partner_sku=f"SMP-{net:.0f}"),
    )


def _facets() -> dict[str, dict[str, Any]]:
    def value(name: str, count: int, *, selected: bool = False) -> dict[str, Any]:
        return {
            "name": name,
            "count": count,
            "show_count": True,
            "selected": selected,
            "disabled": count == 0,
            "select_url": "#",
            "deselect_url": "#",
        }

    return {
        "brand": {"name": "Brand", "results": [value("Aurora", 12, selected=True), value("Lindqvist", 7)]},
        "material": {"name": "Material", "results": [value("Stoneware", 6), value("Glass", 0)]},
    }

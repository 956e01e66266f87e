"""Counts of facets as components/facets.html takes them, with the addresses that choose a value and let go of it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import QueryDict
from django.utils.formats import number_format

from shop.pricing.formats import money
from shop.stores.routes import query_without
from shop.stores.texts import gettext as _

from .criteria import Count, Found, PriceRange
from .forms import BrowseForm

Facet = dict[str, Any]


def facets(found: Found, form: BrowseForm, *, currency: str) -> dict[str, Facet]:
    """The facets among whose values there is something to choose, in the order in which they are shown."""
    prices = [replace(c, name=name_of_range(PriceRange.all()[c.value], currency)) for c in found.prices]
    in_stock = [replace(found.in_stock, name=_("In stock"))]
    drawn = {
        "category": facet(_("Category"), "category", found.categories, form.categories, form.data),
        "price": facet(_("Price"), "price", prices, form.price_buckets, form.data),
        "type": facet(_("Type"), "type", found.classes, form.classes, form.data),
        "stock": facet(_("Availability"), "stock", in_stock, (1,) if form.only_in_stock else (), form.data),
    }
    if not form.by_price:
        del drawn["price"]
    return {key: facet for key, facet in drawn.items() if is_a_choice(facet, found.total)}


def facet(title: str, parameter: str, counts: Iterable[Count], chosen: tuple[int, ...], query: QueryDict) -> Facet:
    rest = query_without(query, "page", parameter)
    return {"name": title, "results": [_value(count, parameter, chosen, rest) for count in counts]}


def is_a_choice(facet: Facet, total: int) -> bool:
    """Whether choosing, or letting go, would change what is found."""
    return any(value["selected"] or 0 < value["count"] < total for value in facet["results"])


def counted(number: int, *, is_least: bool) -> str:
    """A number as it is read here, with a plus behind it where there may be more."""
    written = number_format(number, force_grouping=number >= 10_000) if number >= 1_000 else str(number)
    return f"{written}{'+' if is_least else ''}"


def name_of_range(prices: PriceRange, currency: str) -> str:
    if prices.lower is None:
        return _("under %(price)s") % {"price": money(prices.upper, currency)}
    if prices.upper is None:
        return _("%(price)s and more") % {"price": money(prices.lower, currency)}
    return f"{money(prices.lower, currency)} – {money(prices.upper, currency)}"


def _value(count: Count, parameter: str, chosen: tuple[int, ...], rest: str) -> dict[str, Any]:
    is_chosen = count.value in chosen
    others = [value for value in chosen if value != count.value]
    address = _address(rest, parameter, others if is_chosen else [*others, count.value])
    return {
        "name": count.name,
        "count": count.number,
        "count_text": counted(count.number, is_least=count.is_least),
        "show_count": True,
        "selected": is_chosen,
        "disabled": not is_chosen and count.number == 0,
        "deselect_url" if is_chosen else "select_url": address,
    }


def _address(rest: str, parameter: str, values: list[int]) -> str:
    """The same search with other values of one filter, from its first page."""
    return f"?{'&'.join([*filter(None, [rest]), *(f'{parameter}={value}' for value in values)])}"

"""Lists of products: all, of a category, found. Of one store, in as many queries for a full page as for one product."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView

from shop.catalogue.models import Category
from shop.catalogue.shown import Listed, Shown
from shop.companies.acting import company_of
from shop.merchandising.counting import is_countable, note_search, sealed
from shop.merchandising.queries import Said, said_of
from shop.pricing.context import from_request, tells_no_prices
from shop.stores.models import TaxDisplay
from shop.viewing.current import viewing_of

from .criteria import ALMOST_NOTHING, Criteria, Found
from .directions import categories_at_the_top, popular_ids
from .engines import engine
from .facets import counted, facets
from .forms import BrowseForm, SearchForm
from .writing import as_written


class ProductList(TemplateView):
    form_class = BrowseForm

    @cached_property
    def form(self) -> BrowseForm:
        return self.form_class(self.request.GET, by_price=not tells_no_prices(self.request))

    def criteria(self) -> Criteria:
        """What is looked for. Raises `Http404` for a page that there cannot be."""
        form, store, size = self.form, self.request.store, settings.OSCAR_PRODUCTS_PER_PAGE
        if form.page < 1:
            raise Http404
        return Criteria(
            store_id=store.pk,
            language=store.language,
            words=form.words,
            buyer=from_request(self.request),
            store_currency=store.currency,
            store_shows_tax=store.tax_display == TaxDisplay.INCLUSIVE,
            categories=form.categories,
            classes=form.classes,
            price_buckets=form.price_buckets,
            only_in_stock=form.only_in_stock,
            sort=form.sort,
            limit=size,
            offset=(form.page - 1) * size,
        )

    @cached_property
    def found(self) -> Found:
        """Raises `Http404` for a page behind the last one; of very many, only those that are counted have pages."""
        found, before = self.find(), (self.form.page - 1) * settings.OSCAR_PRODUCTS_PER_PAGE
        if before and (before >= found.total_counted or not found.product_ids):
            raise Http404
        return found

    def find(self) -> Found:
        return engine().find(self.criteria())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        drawn = facets(self.found, self.form, currency=from_request(self.request).currency)
        page = page_of(self.found, number=self.form.page, products=Shown(self.found.product_ids, self.request.store))
        return super().get_context_data(**kwargs) | {
            "form": self.form,
            "products": page.object_list,
            "number_found": counted(self.found.total_counted, is_least=self.found.is_capped),
            "page_obj": page,
            "paginator": page.paginator,
            "facet_data": drawn,
            "has_facets": bool(drawn),
        }


class CatalogueView(ProductList):
    template_name = "oscar/catalogue/browse.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"summary": _("All products")}


class ProductCategoryView(ProductList):
    """A category, in the stores that have something in it."""

    template_name = "oscar/catalogue/category.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.found.total_unfiltered:
            raise Http404
        address = self.category.get_absolute_url()
        if unquote(address) != unquote(request.path):
            return HttpResponsePermanentRedirect(address)
        return super().get(request, *args, **kwargs)

    @cached_property
    def way(self) -> list[Category]:
        """From the root to the category. Raises `Http404` where it is not public."""
        way = Category.objects.way_to(int(self.kwargs["pk"]))
        if not way:
            raise Http404
        return way

    @property
    def category(self) -> Category:
        return self.way[-1]

    def criteria(self) -> Criteria:
        return replace(super().criteria(), within=self.category.pk, category_level=self.category.depth + 1)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Subcategories are ways to go on, and not a filter as well."""
        context = super().get_context_data(**kwargs)
        context["facet_data"].pop("category", None)
        below = [
            (count.name, self.category.address_of_child(count.value, count.slug)) for count in self.found.categories
        ]
        return context | {
            "category": self.category,
            "way": self.way,
            "subcategories": [{"name": name, "url": url} for name, url in below],
            "has_facets": bool(context["facet_data"]),
        }


class FacetedSearchView(ProductList):
    """What was searched for; an empty search finds all."""

    template_name = "oscar/search/results.html"
    form_class = SearchForm

    def criteria(self) -> Criteria:
        company = company_of(self.request)
        return replace(
            super().criteria(),
            company_id=company.pk if company else None,
            synonyms=self.said.synonyms,
            led_to=self.said.product_ids,
        )

    @cached_property
    def said(self) -> Said:
        """What the merchant says of this search."""
        return said_of(self.form.words, store_id=self.request.store.pk)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.said.leads_to:
            self.note_led()
            return redirect(self.said.leads_to)
        return super().get(request, *args, **kwargs)

    @property
    def counts(self) -> bool:
        """Whether it is a search to be counted: neither its other pages nor what filters are tried on it."""
        return set(self.request.GET) == {"q"} and viewing_of(self.request) is None

    def note_led(self) -> None:
        """Pages are counted by their beacon; of what leads elsewhere there is none."""
        request = self.request
        if self.counts and "Sec-Purpose" not in request.headers:
            note_search(request.store.pk, self.form.words, found=1, user_agent=request.headers.get("User-Agent", ""))

    @cached_property
    def suggestion(self) -> str | None:
        """Words that find more, where those that were asked for find (almost) nothing."""
        is_little = self.form.words and self.found_as_asked.total_unfiltered < ALMOST_NOTHING
        return engine().meant(self.criteria()) if is_little else None

    @cached_property
    def found_as_asked(self) -> Found:
        return engine().find(self.criteria())

    def find(self) -> Found:
        """What is found by the words; where that is nothing, by those that were meant."""
        if self.found_as_asked.total_unfiltered or not self.suggestion:
            return self.found_as_asked
        synonyms = said_of(self.suggestion, store_id=self.request.store.pk).synonyms
        return engine().find(replace(self.criteria(), words=self.suggestion, synonyms=synonyms))

    @cached_property
    def is_mended(self) -> bool:
        return bool(self.found.total_unfiltered and not self.found_as_asked.total_unfiltered)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = {"query": self.form.words, "suggestion": None, "is_mended": self.is_mended} | self.beacons()
        if not self.found.total_unfiltered:
            return super().get_context_data(**kwargs) | asked | self.directions()
        context = super().get_context_data(**kwargs) | asked | {"suggestion": self.suggestion}
        if self.is_mended:
            titles = (listed.ware.title for listed in context["products"] if listed.ware)
            context["suggestion"] = as_written(self.suggestion or "", titles)
        return context

    def beacons(self) -> dict[str, str]:
        """What the page's beacons say was sought, and nobody can say otherwise, where it is `sought`, and where one of
        its products is `chosen`; empty where that is not counted."""
        words, found = self.form.words, self.found.total_unfiltered
        meant = self.suggestion or "" if self.is_mended else ""
        is_ranked = set(self.request.GET) <= {"q", "page"} and viewing_of(self.request) is None
        if not is_ranked or not is_countable(words):
            return {"sought": "", "chosen": ""}
        said = sealed(self.request.store.pk, words, found=found, meant=meant)
        return {"sought": said if self.counts else "", "chosen": said if found else ""}

    def directions(self) -> dict[str, Any]:
        """What the page of a search without any result shows instead."""
        store_id = self.request.store.pk
        popular = Shown(popular_ids(store_id), self.request.store).sold()
        return {"categories": categories_at_the_top(store_id), "popular": list(popular.values())}


def page_of(found: Found, *, number: int, products: Sequence[Listed]) -> Page:
    """The page as Django's paginator would make it if it had loaded everything."""
    paginator = Paginator(range(found.total_counted), settings.OSCAR_PRODUCTS_PER_PAGE)
    return Page(products, number, paginator)

"""How an editor picks products and categories: what they may see, and nothing else, in every view of the chooser."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic import chooser as views
from wagtail.admin.viewsets.chooser import ChooserViewSet

from shop.accounts.models import User
from shop.catalogue.models import Category, Product
from shop.listings.models import Listing
from shop.staff.reach import reach_of
from shop.stores.keys import key_in

EDIT_PAGES = "wagtailcore.change_page"


def products_for(user: User) -> QuerySet[Product]:
    """The products that an editor may put on pages: those that one of their stores lists."""
    stores = reach_of(user, EDIT_PAGES).stores()
    listed = Listing.objects.filter(store__in=stores, product=OuterRef("pk"))
    return Product.objects.browsable().filter(Exists(listed)).order_by("title", "pk")


def categories_for(user: User) -> QuerySet[Category]:
    """The categories that an editor may put on pages and into menus: stores of a merchant share them."""
    categories = Category.objects.browsable()
    return categories.order_by("path") if reach_of(user, EDIT_PAGES).stores().exists() else categories.none()


class SearchForm(BaseFilterForm):
    """Looks for a piece of a product's title, or the beginning of its number."""

    fields_searched = ("title__icontains", "upc__istartswith")

    q = forms.CharField(
        label=_("Search term"), widget=forms.TextInput(attrs={"placeholder": _("Search")}), required=False
    )

    def filter(self, objects: QuerySet[Any]) -> QuerySet[Any]:
        self.search_query = self.cleaned_data["q"]
        self.is_searching = bool(self.search_query)
        wanted = Q()
        for lookup in self.fields_searched:
            wanted |= Q(**{lookup: self.search_query})
        return super().filter(objects).filter(wanted) if self.is_searching else super().filter(objects)


class CategorySearchForm(SearchForm):
    """Looks for a piece of a category's name."""

    fields_searched = ("name__icontains",)


class Restricted:
    """Gives every view of a chooser the same objects: those of `allowed` for who asks."""

    @staticmethod
    def allowed(user: User) -> QuerySet[Any]:
        raise NotImplementedError

    def get_object_list(self) -> QuerySet[Any]:
        return self.allowed(self.request.user)  # type: ignore[attr-defined]

    def get_object(self, pk: str) -> Any:
        return self.get_object_list().get(pk=_number(pk))

    def get_objects(self, pks: list[str]) -> QuerySet[Any]:
        return self.get_object_list().filter(pk__in=[_number(pk) for pk in pks])


def _number(pk: str) -> int:
    if (key := key_in(pk)) is None:
        raise Http404
    return key


class OfProducts(Restricted):
    allowed = staticmethod(products_for)
    filter_form_class = SearchForm

    @property
    def columns(self) -> list[Column]:
        return [*super().columns, Column("upc", label=_("Number"), accessor="upc")]  # type: ignore[misc]


class OfCategories(Restricted):
    allowed = staticmethod(categories_for)
    filter_form_class = CategorySearchForm


class ReadOnlyChooserViewSet(ChooserViewSet):
    """A chooser that makes nothing new."""

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name != "create"]


class ProductChooserViewSet(ReadOnlyChooserViewSet):
    model = "catalogue.Product"
    icon = "pick"
    choose_one_text = _("Choose a product")
    choose_another_text = _("Choose another product")
    edit_item_text = _("Edit this product")
    choose_view_class = type("ChooseProduct", (OfProducts, views.ChooseView), {})
    choose_results_view_class = type("ChooseProductResults", (OfProducts, views.ChooseResultsView), {})
    chosen_view_class = type("ChosenProduct", (OfProducts, views.ChosenView), {})
    chosen_multiple_view_class = type("ChosenProducts", (OfProducts, views.ChosenMultipleView), {})


class CategoryChooserViewSet(ReadOnlyChooserViewSet):
    model = "catalogue.Category"
    icon = "folder-open-inverse"
    choose_one_text = _("Choose a category")
    choose_another_text = _("Choose another category")
    edit_item_text = _("Edit this category")
    choose_view_class = type("ChooseCategory", (OfCategories, views.ChooseView), {})
    choose_results_view_class = type("ChooseCategoryResults", (OfCategories, views.ChooseResultsView), {})
    chosen_view_class = type("ChosenCategory", (OfCategories, views.ChosenView), {})
    chosen_multiple_view_class = type("ChosenCategories", (OfCategories, views.ChosenMultipleView), {})


product_chooser = ProductChooserViewSet("product_chooser")
category_chooser = CategoryChooserViewSet("category_chooser")

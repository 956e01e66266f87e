from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject
from oscar.apps.catalogue import views

from shop.recommendations.queries import beside_product
from shop.recommendations.shelves import recommended_and_similar, worth_showing
from shop.versions.marks import reviews_of
from shop.versions.watching import depends_on

from .families import load_for_page
from .models import Category, Product
from .shown import Listed
from .sold import products_sold


class ProductDetailView(views.ProductDetailView):
    """A product's page, in the stores that list it. A variant's address leads to its parent."""

    enforce_parent = True
    recommended: list[Listed]
    similar: list[Listed]
    is_chosen_by_hand: bool

    def get_object(self, queryset: Any = None) -> Product:
        """The product and what is recommended beside it, by hand or computed, priced together. What that is depends on
        the product and the store alone."""
        if hasattr(self, "object"):
            return self.object
        pk, store = int(self.kwargs["pk"]), self.request.store
        found = products_sold([pk], store, load_for_page)
        if not found:
            raise Http404
        beside = beside_product(pk, store)
        shown = worth_showing(beside, store)
        family = found[0].loaded_with
        together = [*family, *shown.family]
        for each in family:
            each.loaded_with = together
        self.recommended, self.similar = recommended_and_similar(shown, beside)
        self.is_chosen_by_hand = not shown.wares.keys().isdisjoint(beside.by_hand)
        return found[0]

    def send_signal(self, request: HttpRequest, response: HttpResponse, product: Product) -> None:
        """Not by who makes the page, which many see: by their beacon (`shop.analytics.views`)."""

    def is_viewable(self, product: Product, request: HttpRequest) -> bool:
        return True  # what isn't was not found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        depends_on(reviews_of(self.object.pk))
        way = Category.objects.leading_to(self.object.pk)
        beside = {"recommended": self.recommended, "similar": self.similar, "is_chosen_by_hand": self.is_chosen_by_hand}
        return super().get_context_data(**kwargs) | {"way": way} | beside

    def get_alert_form(self) -> Any:
        """Made where it is shown: of what is out of stock."""
        return SimpleLazyObject(super().get_alert_form)

    def get_alert_status(self) -> bool:
        """Whether the visitor waits for it to come back is told when they ask to: the page is the same for all."""
        return False

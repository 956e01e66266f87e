from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from oscar.apps.catalogue import views

from shop.versions.marks import reviews_of
from shop.versions.watching import depends_on

from .models import Category, Product, ProductRecommendation

RECOMMENDED = 4


class ProductDetailView(views.ProductDetailView):
    """A product's page, in the stores that list it. A variant's address leads to its parent."""

    enforce_parent = True

    def get_object(self, queryset: Any = None) -> Product:
        """The product and what is recommended beside it, loaded together."""
        if hasattr(self, "object"):
            return self.object
        pk = int(self.kwargs["pk"])
        beside = dict(ProductRecommendation.objects.filter(primary=pk).values_list("recommendation", "ranking"))
        sold = Product.objects.visible().for_store(self.request.store)
        found = {product.pk: product for product in sold.filter(pk__in={pk, *beside}).page()}
        try:
            product = found.pop(pk)
        except KeyError:
            raise Http404 from None
        ranked = sorted(found.values(), key=lambda other: (-beside[other.pk], other.pk))
        product.sorted_recommended_products = ranked[:RECOMMENDED]
        return product

    def send_signal(self, request: HttpRequest, response: HttpResponse, product: Product) -> None:
        """Not by who makes the page, which many see: by their beacon (`shop.analytics.views`)."""

    def is_viewable(self, product: Product, request: HttpRequest) -> bool:
        return True  # what isn't was not found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        depends_on(reviews_of(self.object.pk))
        way = Category.objects.leading_to(self.object.pk)
        return super().get_context_data(**kwargs) | {"way": way}

    def get_alert_status(self) -> bool:
        """Whether the visitor waits for it to come back is told when they ask to: the page is the same for all."""
        return False

"""What the store sells: only what it lists, at the prices of who asks."""

from typing import Any

from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from shop.catalogue.models import Category, Product
from shop.catalogue.shown import Shown
from shop.merchandising.queries import said_of
from shop.search.criteria import Criteria
from shop.search.postgresql.walks import step

from ..pagination import cursor_of, place_at
from ..problems import QueryRefused
from ..serializers.catalogue import CategoryNode, ProductDetail, ProductPage, ProductsQuery, ProductSummary
from .base import ApiView


class Products(ApiView):
    @extend_schema(parameters=[ProductsQuery], responses=ProductPage, operation_id="products_list")
    def get(self, request: Request) -> Response:
        """Products, the newest first; those that are searched for by words, the best fit first."""
        asked = self.asked(ProductsQuery)
        criteria = Criteria(
            store_id=self.store.pk,
            language=self.store.language,
            words=asked["q"],
            synonyms=said_of(asked["q"], store_id=self.store.pk).synonyms,
            within=self.category(asked.get("category")),
            limit=asked["page_size"],
        )
        walk = f"products {criteria.words} {criteria.within}"
        found = step(criteria, behind=place_at(asked["cursor"], walk=walk))
        sold = Shown(found.product_ids, self.store).products()
        products = self.shown(ProductSummary, sold, many=True)
        return Response({"next": self.next(cursor_of(found.place, walk=walk)), "results": products})

    def category(self, pk: int | None) -> int | None:
        """The same, if there is such a public category. Raises `QueryRefused`."""
        if pk and not Category.objects.browsable().filter(pk=pk).exists():
            raise QueryRefused({"category": [_("There is no such category.")]})
        return pk

    def next(self, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        query = self.request.query_params.copy()
        query["cursor"] = cursor
        return self.request.build_absolute_uri(f"?{query.urlencode()}")


class OneProduct(ApiView):
    @extend_schema(responses=ProductDetail, operation_id="products_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        """A product with its variants; or one of its variants, whose `parent` it then is."""
        canonical = Product.objects.filter(pk=pk).values_list(Coalesce("parent_id", "pk"), flat=True)
        sold = Product.objects.visible().for_store(self.store).filter(pk__in=canonical)
        family = [each for product in sold.page() for each in (product, *_variants(product))]
        for product in family:
            if product.pk == pk:
                return Response(self.shown(ProductDetail, product))
        raise Http404


class Categories(ApiView):
    @extend_schema(responses=CategoryNode(many=True), operation_id="categories_list")
    def get(self, request: Request) -> Response:
        """The tree of categories in which, or below which, the store sells something."""
        nodes = list(Category.objects.for_store(self.store).order_by("path"))
        below: dict[str, list[Category]] = {}
        for node in nodes:
            below.setdefault(node.path[: -Category.steplen], []).append(node)
        tree: Any = CategoryNode(below.get("", []), many=True, context={"below": below})
        return Response(tree.data)


def _variants(product: Product) -> list[Product]:
    return list(product.get_public_children()) if product.is_parent else []

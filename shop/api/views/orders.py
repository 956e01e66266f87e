"""What the buyer may see in this store: their own, and their companies'. Whatever is somebody else's is not found."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from shop.order.models import Order
from shop.order.querysets import OrderQuerySet

from ..models import ApiKey
from ..pagination import NewestFirst
from ..permissions import Known, WithinAccess
from ..serializers.orders import OrderDetail, OrderSummary
from .base import ApiView


class OwnOrders(ApiView):
    permission_classes = [Known, WithinAccess]

    def get_queryset(self) -> OrderQuerySet:
        """A key that buys for a company sees that company's alone: its account may belong to others as well."""
        orders = Order.objects.for_store(self.store).visible_to(self.request.user)
        key = self.request.auth
        return orders.filter(company=key.company_id) if isinstance(key, ApiKey) and key.company_id else orders


class Orders(OwnOrders, ListAPIView):
    pagination_class = NewestFirst
    made_at = "date_placed"
    serializer_class = OrderSummary

    def get_queryset(self) -> OrderQuerySet:
        return super().get_queryset().prefetch_related("lines")

    @extend_schema(operation_id="orders_list")
    def get(self, request: Request) -> Response:
        """Own orders, the newest first."""
        return self.list(request)


class OneOrder(OwnOrders):
    @extend_schema(responses=OrderDetail, operation_id="orders_retrieve")
    def get(self, request: Request, number: str) -> Response:
        """One of them, with its lines, its parcels and what is left to do to pay."""
        orders = self.get_queryset().with_all_shown().prefetch_related("shipments__lines__line")
        order = get_object_or_404(orders, number=number)
        return Response(self.shown(OrderDetail, order))

"""The buyer's address book."""

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from shop.address.models import UserAddress

from ..pagination import NewestFirst
from ..permissions import Known, WithinAccess
from ..serializers.checkout import BookAddress
from .base import ApiView


class OwnAddresses(ApiView):
    permission_classes = [Known, WithinAccess]

    def get_queryset(self) -> QuerySet[UserAddress]:
        return UserAddress.objects.filter(user=self.request.user)

    def saved(self, address: UserAddress) -> dict[str, Any]:
        """Raises `ValidationError` where the same request, sent twice at once, came first."""
        try:
            with transaction.atomic():
                address.save()
        except IntegrityError as error:
            raise ValidationError([_("This address is already in your address book.")]) from error
        return self.shown(BookAddress, address)


class Addresses(OwnAddresses, ListAPIView):
    pagination_class = NewestFirst
    made_at = "date_created"
    serializer_class = BookAddress

    @extend_schema(operation_id="addresses_list")
    def get(self, request: Request) -> Response:
        """The book, the newest first."""
        return self.list(request)

    @extend_schema(request=BookAddress, responses={201: BookAddress}, operation_id="addresses_create")
    def post(self, request: Request) -> Response:
        return Response(self.saved(self.sent(BookAddress)), status=201)


class OneAddress(OwnAddresses):
    @extend_schema(responses=BookAddress, operation_id="addresses_retrieve")
    def get(self, request: Request, pk: int) -> Response:
        return Response(self.shown(BookAddress, self.address(pk)))

    @extend_schema(request=BookAddress, responses=BookAddress, operation_id="addresses_update")
    def put(self, request: Request, pk: int) -> Response:
        return Response(self.saved(self.sent(BookAddress, instance=self.address(pk))))

    @extend_schema(responses={204: None}, operation_id="addresses_delete")
    def delete(self, request: Request, pk: int) -> Response:
        self.address(pk).delete()
        return Response(status=204)

    def address(self, pk: int) -> UserAddress:
        return get_object_or_404(self.get_queryset(), pk=pk)

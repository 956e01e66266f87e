"""What all operations have in common."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.serializers import Serializer
from rest_framework.views import APIView

from shop.accounts.models import User
from shop.currencies.choice import choose
from shop.stores.models import Store

from ..authentication import KeyAuthentication, PageAuthentication
from ..parsers import SmallJSONParser
from ..permissions import WithinAccess
from ..problems import HeaderRefused, QueryRefused, problem_response
from ..throttling import PerCaller

CURRENCY = "Accept-Currency"
"""The header that names the currency of prices, ISO 4217; the store's own where it is missing."""


class ApiView(APIView):
    """JSON in, JSON out, by key or session, throttled, kept in no cache. Wagtail's own API keeps DRF's defaults."""

    authentication_classes = [KeyAuthentication, PageAuthentication]
    permission_classes = [WithinAccess]
    throttle_classes = [PerCaller]
    parser_classes = [SmallJSONParser]
    renderer_classes = [JSONRenderer]
    metadata_class = None

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        asked = request.headers.get(CURRENCY)
        if asked and not choose(request._request, asked):
            raise HeaderRefused(
                {CURRENCY: [_("This store sells in %(all)s.") % {"all": ", ".join(self.store.currencies)}]}
            )

    def get_exception_handler(self) -> Any:
        return problem_response

    def finalize_response(self, request: HttpRequest, response: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        add_never_cache_headers(response)
        patch_vary_headers(response, ["Authorization", "Cookie", CURRENCY])
        return super().finalize_response(request, response, *args, **kwargs)

    @property
    def store(self) -> Store:
        return self.request.store

    @property
    def buyer(self) -> User | None:
        return self.request.user if self.request.user.is_authenticated else None

    def sent(self, serializer: type[Serializer], **kwargs: Any) -> Any:
        """The body as this serializer reads it. Raises `ValidationError`."""
        read = serializer(data=self.request.data, context={"request": self.request}, **kwargs)
        read.is_valid(raise_exception=True)
        return read.validated_data

    def asked(self, serializer: type[Serializer]) -> Any:
        """The query of the address as this serializer reads it. Raises `QueryRefused`."""
        read = serializer(data=self.request.query_params)
        try:
            read.is_valid(raise_exception=True)
        except ValidationError as error:
            raise QueryRefused(error.detail) from error
        return read.validated_data

    def shown(self, serializer: type[Serializer], thing: Any, **kwargs: Any) -> Any:
        return serializer(thing, context={"request": self.request}, **kwargs).data


@extend_schema(exclude=True)
class Nothing(ApiView):
    """Every other address below `/api/`: whoever asks for JSON is not answered with a page."""

    def initial(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        raise Http404

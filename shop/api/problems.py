"""Errors, all in one shape: RFC 9457, `application/problem+json`.

`type` is `about:blank` where the status says it all, and else `urn:stoa:problem:…`, which programs may tell apart;
`detail` is a sentence in the store's language. What was refused has written nothing.
"""

import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response

from shop.basket.errors import NotForSale
from shop.checkout import errors as checkout
from shop.stores.middleware import roll_back

from .errors import PlacementDiffers

CONTENT_TYPE = "application/problem+json"
NAMESPACE = "urn:stoa:problem:"


class TooLarge(exceptions.APIException):
    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_detail = _("The body is too large.")
    default_code = "too-large"


class Refused(exceptions.APIException):
    """What was asked makes sense, but not now, or not here."""

    status_code = HTTPStatus.CONFLICT

    def __init__(self, detail: str, *, code: str, **members: Any) -> None:
        super().__init__(detail, code)
        self.members = members


class QueryRefused(exceptions.ValidationError):
    """The query of the address is wrong: its errors name parameters."""


class HeaderRefused(exceptions.ValidationError):
    """A header is wrong: its errors name headers."""


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None for what nobody foresaw: that is a 500, logged as all others are."""
    known = _known(error)
    if known is None:
        return None
    roll_back(context["request"]._request)
    return Response(body(known), status=known.status_code, headers=dict(_headers(known)), content_type=CONTENT_TYPE)


def body(error: exceptions.APIException) -> dict[str, Any]:
    """The problem as RFC 9457 writes it, with its extension members."""
    problem = {"type": "about:blank", "title": HTTPStatus(error.status_code).phrase, "status": int(error.status_code)}
    if isinstance(error, Refused):
        return {**problem, "type": NAMESPACE + error.detail.code, "detail": str(error.detail), **error.members}
    if isinstance(error, exceptions.ValidationError):
        shown = _PLACES.get(type(error), _pointer)
        errors = [{**shown(path), "detail": text} for path, text in _flat(error.detail)]
        return {**problem, "type": NAMESPACE + "invalid", "detail": str(_("Something is wrong.")), "errors": errors}
    return {**problem, "detail": str(error.detail)}


def _known(error: Exception) -> exceptions.APIException | None:
    match error:
        case exceptions.APIException():
            return error
        case Http404():
            return exceptions.NotFound()
        case PermissionDenied():
            return exceptions.PermissionDenied()
        case RequestDataTooBig():
            return TooLarge()
        case checkout.PriceChanged():
            totals = {"agreed": error.totals.fingerprint}
            return Refused(str(error), code=_code(error), **totals)
        case checkout.CheckoutRefused():
            return Refused(str(error), code=_code(error))
        case NotForSale():
            return Refused(str(_("This store does not sell it.")), code=_code(error))
        case PlacementDiffers():
            text = _("This Idempotency-Key was used for another order already.")
            return Refused(str(text), code="idempotency-key-reused")
    return None


def _code(error: Exception) -> str:
    """`PriceChanged` is `price-changed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()


def _headers(error: exceptions.APIException) -> Iterator[tuple[str, str]]:
    if header := getattr(error, "auth_header", None):
        yield "WWW-Authenticate", header
    if wait := getattr(error, "wait", None):
        yield "Retry-After", str(int(wait))


def _flat(detail: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Each message of DRF's nested errors, with the names that lead to what it is about."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _flat(inner, path if name == "non_field_errors" else (*path, str(name)))
    elif isinstance(detail, list):
        for inner in detail:
            yield from _flat(inner, path)
    else:
        yield path, str(detail)


def _pointer(path: tuple[str, ...]) -> dict[str, str]:
    """Where in the body, as a JSON pointer (RFC 6901) in a fragment."""
    steps = (step.replace("~", "~0").replace("/", "~1") for step in path)
    return {"pointer": "#" + "".join(f"/{step}" for step in steps)}


def _parameter(path: tuple[str, ...]) -> dict[str, str]:
    return {"parameter": ".".join(path)}


def _header(path: tuple[str, ...]) -> dict[str, str]:
    return {"header": ".".join(path)}


_PLACES = {QueryRefused: _parameter, HeaderRefused: _header}
"""How an error says where it is; of others it is in the body."""

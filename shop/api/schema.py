"""What drf-spectacular can't see by itself: our two ways in, and the one shape of all errors."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema

V1 = "/api/v1/"


class KeyScheme(OpenApiAuthenticationExtension):
    target_class = "shop.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A key of this store's merchant: `stoa_…`."}


class PageScheme(OpenApiAuthenticationExtension):
    target_class = "shop.api.authentication.PageAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        text = "The session of the store's own pages. What writes needs the header `X-CSRFToken` as well."
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME, "description": text}


def only_v1(endpoints: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """A preprocessing hook: what the document describes."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(V1)]


TEXT = {"type": "string"}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {**TEXT, "description": "`about:blank`, or `urn:stoa:problem:…`."},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": {**TEXT, "description": "A sentence in the store's language."},
        "errors": {
            "type": "array",
            "description": "Of `invalid`: what is wrong with which part of the body or the query, or which header.",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {"detail": TEXT, "pointer": TEXT, "parameter": TEXT, "header": TEXT},
            },
        },
        "agreed": {**TEXT, "description": "Of `price-changed`: the word for the price as it is now."},
    },
}
ANSWER = {
    "description": "Refused; nothing was changed.",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
CURRENCY = {
    "name": "Accept-Currency",
    "in": "header",
    "schema": {**TEXT, "example": "EUR"},
    "description": "In which of the store's currencies prices are; in its own without.",
}
ALWAYS = ("400", "401", "429")
READS = ("404",)
WRITES = ("403", "404", "409", "413", "415")


def with_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """A postprocessing hook: each operation says in which currency, and with which problems it may answer."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    result["components"]["responses"] = {"Problem": ANSWER}
    for operations in result["paths"].values():
        for method, operation in operations.items():
            operation["parameters"] = [*operation.get("parameters", []), CURRENCY]
            for status in (*ALWAYS, *(READS if method == "get" else WRITES)):
                operation["responses"].setdefault(status, {"$ref": "#/components/responses/Problem"})
    return result

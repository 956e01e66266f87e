"""The operations of the API, from its own description, with bodies that name the other side's things."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from .routes import Route
from .staging import Side

WRITES = ("post", "put", "patch", "delete")
PLAIN = {
    "quantity": 1,
    "country": "GB",
    "postcode": "N1 9GU",
    "phone_number": "",
    "guest_email": "stranger@example.com",
}
"""What would be refused before anything is looked up, were it somebody's id or mark."""
WORDS = {"vouchercode": "voucher"}
"""Which of the staged merchant's words a text is, by its name."""
TEXT = "stranger"
"""What other texts are: the answer may repeat them."""


def bodies(route: Route, side: Side) -> Iterator[tuple[str, Any]]:
    """Of each writing operation at an address its method, and a body in which every number is an id of this side's."""
    described = _schema()
    for method, operation in described["paths"].get(_unnamed(route.template), {}).items():
        if method in WRITES:
            content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            yield method.upper(), _example("", content.get("schema", {}), side)


@cache
def _schema() -> dict[str, Any]:
    """The description of the API, its addresses without the names of their parameters."""
    described = SchemaGenerator().get_schema(request=None, public=True)
    return {**described, "paths": {_unnamed(path): operations for path, operations in described["paths"].items()}}


def _unnamed(path: str) -> str:
    return re.sub(r"\{\w+\}|%\(\w+\)s", "{}", path)


def _example(name: str, schema: dict[str, Any], side: Side) -> Any:
    if name in PLAIN:
        return PLAIN[name]
    if inner := schema.get("allOf"):
        return _example(name, inner[0], side)
    if reference := schema.get("$ref"):
        return _example(name, _schema()["components"]["schemas"][reference.rpartition("/")[-1]], side)
    match schema.get("type"):
        case "object":
            return {key: _example(key, value, side) for key, value in schema.get("properties", {}).items()}
        case "integer":
            return side.first_id
        case "string":
            return side.words[WORDS[name]] if name in WORDS else TEXT
    return None

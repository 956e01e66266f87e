"""JSON over HTTP to the OpenSearch that `SEARCH_URL` names: an answer, or `Away`."""

import json
from collections.abc import Iterable
from typing import Any

import requests
from django.conf import settings

from ..contract import Away

TO_SEARCH = (0.5, 1.5)
"""Seconds to connect and to answer. A visitor waits, and PostgreSQL can do the same."""
TO_WRITE = (3.05, 60)

_session = requests.Session()  # keeps connections; it is only read


def ask(path: str, question: Any) -> dict[str, Any]:
    """The answer. Raises `Away` for none, for a refusal, and for what is no JSON; so do the others."""
    return _call("POST", path, json.dumps(question), patience=TO_SEARCH)


def tell(method: str, path: str, body: Any = None) -> dict[str, Any]:
    return _call(method, path, None if body is None else json.dumps(body), patience=TO_WRITE)


def bulk(lines: Iterable[Any]) -> dict[str, Any]:
    """Many deeds in one call: https://docs.opensearch.org/latest/api-reference/document-apis/bulk/"""
    body = "".join(f"{json.dumps(line)}\n" for line in lines)
    return _call("POST", "/_bulk", body, patience=TO_WRITE, kind="application/x-ndjson")


def _call(
    method: str, path: str, body: str | None, *, patience: tuple[float, float], kind: str = "application/json"
) -> dict[str, Any]:
    address = f"{str(settings.SEARCH_URL).rstrip('/')}{path}"
    data, headers = body.encode() if body is not None else None, {"Content-Type": kind}
    try:
        response = _session.request(
            method, address, data=data, headers=headers, timeout=patience, allow_redirects=False
        )
        told = response.json()
    except (requests.RequestException, ValueError) as error:
        raise Away(type(error).__name__) from error  # its words may hold a password
    if response.status_code != 200 or not isinstance(told, dict):
        raise Away(f"HTTP {response.status_code}")
    return told

"""JSON over HTTP to a gateway, with its failures told apart: refused, or nobody knows."""

from collections.abc import Mapping
from typing import Any

import requests
from django.conf import settings

from .errors import GatewayUnreachable

CONNECT_S = 3.05


def call(
    method: str, url: str, *, headers: Mapping[str, str], json: Any = None, data: Any = None, auth: Any = None
) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer.

    Raises `GatewayUnreachable` for no answer, for the gateway's own failure and for what is no JSON: in each case it
    may have done what it was asked.
    """
    waits = (CONNECT_S, settings.GATEWAY_TIMEOUT_S)
    try:
        response = requests.request(
            method, url, headers=headers, json=json, data=data, auth=auth, timeout=waits, allow_redirects=False
        )
        told = response.json() if response.content else {}
    except (requests.RequestException, ValueError) as error:
        raise GatewayUnreachable(type(error).__name__) from error
    if response.status_code >= 500 or response.status_code == 429 or not isinstance(told, dict):
        raise GatewayUnreachable(f"HTTP {response.status_code}")
    return response.status_code, told

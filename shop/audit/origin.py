"""Where a piece of work came from: the client's address and the request's id, for who is handed no request."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse

REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Origin:
    """`address` is None, and `request_id` empty, for work that no request started."""

    address: str | None = None
    request_id: str = ""


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current_origin() -> Origin:
    return _origin.get()


@contextmanager
def coming_from(origin: Origin) -> Iterator[None]:
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


class OriginMiddleware:
    """Stands before all others that write anything. Answers carry the request's id as `X-Request-ID`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        origin = origin_of(request)
        with coming_from(origin):
            response = self.get_response(request)
        response["X-Request-ID"] = origin.request_id
        return response


def origin_of(request: HttpRequest) -> Origin:
    """What a trusted proxy says of the client and the request; of anybody else only the address it connects from."""
    peer, trusted = _parsed(request.META.get("REMOTE_ADDR", "")), settings.TRUSTED_PROXIES
    if not _is_within(peer, trusted):
        return Origin(str(peer) if peer else None, uuid4().hex)
    given_id = request.headers.get("X-Request-ID", "")
    client = _client_behind(request.headers.get("X-Forwarded-For", ""), peer, trusted)
    return Origin(str(client), given_id if REQUEST_ID.fullmatch(given_id) else uuid4().hex)


Address = IPv4Address | IPv6Address
Networks = Iterable[IPv4Network | IPv6Network]


def _client_behind(forwarded_for: str, peer: Address | None, trusted: Networks) -> Address | None:
    """The last address of the chain that is no proxy of ours: what stands before it is the client's own claim."""
    client = peer
    for part in reversed(forwarded_for.split(",")):
        hop = _parsed(part.strip())
        if hop is None:
            return client
        client = hop
        if not _is_within(hop, trusted):
            return client
    return client


def _is_within(address: Address | None, networks: Networks) -> bool:
    return address is not None and any(address in network for network in networks)


def _parsed(text: str) -> Address | None:
    """An IPv4 address written as IPv6 is the IPv4 address."""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address

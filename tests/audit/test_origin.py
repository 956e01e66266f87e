from ipaddress import ip_network

import pytest
from django.test import RequestFactory, override_settings

from shop.audit.origin import Origin, coming_from, current_origin, origin_of

PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8::/32"))


def address_of(peer: str, forwarded: str | None = None) -> str | None:
    headers = {"X-Forwarded-For": forwarded} if forwarded is not None else {}
    with override_settings(TRUSTED_PROXIES=PROXIES):
        return origin_of(RequestFactory(REMOTE_ADDR=peer).get("/", headers=headers)).address


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("198.51.100.9", None, "198.51.100.9"),
        ("198.51.100.9", "192.0.2.1", "198.51.100.9"),
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "203.0.113.5, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "192.0.2.1, 10.9.9.9", "192.0.2.1"),
        ("10.0.0.1", "192.0.2.1, gibberish", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2a00::7", "2a00::7"),
        ("", None, None),
    ],
)
def test_only_a_trusted_proxy_says_whose_request_it_is(peer, forwarded, address):
    assert address_of(peer, forwarded) == address


@pytest.mark.parametrize(("given", "is_kept"), [("abc-1.2", True), ("a b", False), ("x" * 65, False), ("", False)])
def test_a_trusted_proxys_request_id_is_kept_when_it_is_one(given, is_kept):
    with override_settings(TRUSTED_PROXIES=PROXIES):
        request = RequestFactory(REMOTE_ADDR="10.0.0.1").get("/", headers={"X-Request-ID": given})
        assert (origin_of(request).request_id == given) is is_kept


def test_a_strangers_request_id_is_not_taken():
    with override_settings(TRUSTED_PROXIES=PROXIES):
        assert origin_of(RequestFactory().get("/", headers={"X-Request-ID": "mine"})).request_id != "mine"


def test_an_origin_ends_with_its_request():
    with coming_from(Origin("192.0.2.1", "r")):
        assert current_origin().request_id == "r"
    assert current_origin() == Origin()

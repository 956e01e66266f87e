"""What an address says of where its visitor comes from: values in, values out, nothing loaded."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self
from urllib.parse import urlsplit

AFFILIATE = "ref"
"""The parameter by which an affiliate's links name them: `?ref=city-clinic`."""
CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
"""As advertisers write them: https://support.google.com/analytics/answer/10917952."""
CLICKS = {"gclid": "google", "msclkid": "bing", "fbclid": "facebook"}
"""Parameters that advertising networks add to a click of theirs, and whose they are."""
LONGEST = 100


@dataclass(frozen=True)
class Touch:
    """What brought somebody to the store, once. Texts are as the link says them, cut at a hundred characters."""

    source: str = ""
    medium: str = ""
    campaign: str = ""
    term: str = ""
    content: str = ""
    affiliate: str = ""
    """The code that the link names, whether there is such an affiliate or not."""
    referrer: str = ""
    """The host that the visitor came from."""
    landing: str = ""
    """The path that the visitor came to."""

    @property
    def is_direct(self) -> bool:
        """Whether nothing says where they came from: a typed address, a bookmark."""
        return replace(self, landing="") == DIRECT

    def as_json(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Raises `TypeError` for what is no touch."""
        return cls(**stored)


DIRECT = Touch()


def touch_of(query: Mapping[str, str], *, referrer: str, path: str, own_hosts: Iterable[str]) -> Touch:
    """Of a request, by its query, its `Referer` and its path. Who comes from the store itself comes from nowhere."""
    source, medium, *others = (_cut(query.get(name)) for name in CAMPAIGN)
    network = next((name for parameter, name in CLICKS.items() if query.get(parameter)), "")
    host = _host(referrer)
    return Touch(
        source or network,
        medium or ("cpc" if network and not source else ""),
        *others,
        affiliate=_cut(query.get(AFFILIATE)).lower(),
        referrer="" if host in own_hosts else host,
        landing=_cut(path),
    )


def _host(address: str) -> str:
    try:
        return _cut(urlsplit(address).hostname)
    except ValueError:  # no address at all
        return ""


def _cut(text: str | None) -> str:
    return "".join(char for char in (text or "") if char.isprintable())[:LONGEST]

"""Every address that the project answers, found by walking its URL configurations."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.regex_helper import normalize


@dataclass(frozen=True)
class Route:
    """An address with room for parameters."""

    template: str
    """As for `%`: `/accounts/orders/%(order_number)s/`."""
    parameters: tuple[str, ...]
    name: str
    """With its name spaces: `customer:order`; the empty string where it has none."""

    def path(self, values: dict[str, str]) -> str:
        """The address with these values; a parameter that isn't among them raises `KeyError`."""
        return self.template % {parameter: values[parameter] for parameter in self.parameters}

    def __str__(self) -> str:
        return self.template % {parameter: f"<{parameter}>" for parameter in self.parameters}


def discover(urlconf: str) -> list[Route]:
    """Each route of a URL configuration, in the order in which it is tried."""
    return list(_walk(get_resolver(urlconf), regex="", namespaces=()))


def _walk(resolver: URLResolver, *, regex: str, namespaces: tuple[str, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        joined = regex + pattern.pattern.regex.pattern.removeprefix("^")
        if isinstance(pattern, URLPattern):
            template, parameters = normalize(joined)[0]
            name = ":".join([*namespaces, pattern.name or ""])
            yield Route(f"/{template}", tuple(parameters), name)
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern, regex=joined, namespaces=inner)

"""Where stores and the platform are found by visitors."""

from django.conf import settings

USUAL_PORTS = {"http": 80, "https": 443}


def origin_at(host: str, *, port: int | None = None) -> str:
    """What addresses at a host begin with: `https://shop.example`, with the port unless it is the scheme's own."""
    port = port or settings.PUBLIC_PORT
    shown = "" if port == USUAL_PORTS[settings.PUBLIC_SCHEME] else f":{port}"
    return f"{settings.PUBLIC_SCHEME}://{host}{shown}"

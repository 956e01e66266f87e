"""What a browser may load and do on our pages (Content-Security-Policy, Permissions-Policy)."""

from csp.constants import NONE, SELF, UNSAFE_INLINE

Policy = dict[str, list[str]]


def shoppers_policy(media_origin: str | None) -> Policy:
    """Nothing inline, nothing from elsewhere but pictures of the media's own origin, and nobody frames a page."""
    return {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, *([media_origin] if media_origin else [])],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }


def editors_policy(media_origin: str | None) -> Policy:
    """Wagtail's admin brings scripts and styles of its own within its pages, and frames previews."""
    strict = shoppers_policy(media_origin)
    return {
        **strict,
        "script-src": [SELF, UNSAFE_INLINE],
        "style-src": [SELF, UNSAFE_INLINE],
        "img-src": [*strict["img-src"], "data:", "blob:"],
        "frame-ancestors": [SELF],
    }


PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"

"""A public installation: behind TLS, in containers, told everything by the environment."""

from jinja2 import Undefined

from .base import *  # noqa: F403
from .base import TEMPLATES

TEMPLATES[0]["OPTIONS"]["undefined"] = Undefined  # a blank where something is missing, and not no page

OPERATORS_NEED_SECOND_FACTOR = True

SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
# A store's domain is its merchant's, who may have other things below it: neither is ours to promise for them.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # SECURE_HSTS_INCLUDE_SUBDOMAINS, SECURE_HSTS_PRELOAD
# With this prefix a browser takes them from the host itself only: no neighbour below the same domain can plant one.
SESSION_COOKIE_NAME = "__Host-sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken"
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
OSCAR_BASKET_COOKIE_SECURE = True
OSCAR_RECENTLY_VIEWED_COOKIE_SECURE = True
